"""Every fact leaves its trace in the case's file, in both calendars and without personal data."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause
from shared.language.events import ComplaintReceived, MessageSent, Outcome, Party, SurveyAnswered
from shared.language.events.notifications import Medium
from shared.language.roles import Role
from shared.plumbing import tables
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.office import KHARJ, MOBILE, NAME, NATIONAL_ID, Office, hear_itself

S = CaseStatus
NOTE = "انتظم الطفلان في المدرسة"
QUESTION = "هل يلزم عقد إيجار موثق؟"
PAPER_NUMBER = "4417700001"
PERSONAL = (NAME, NATIONAL_ID, MOBILE, "0555000111", "555000111", NOTE, QUESTION, PAPER_NUMBER, "حاجة ماسة", "تظلمي")
RECEPTION = {"started_at": "2026-11-22T06:00:00Z", "ended_at": "2026-11-22T06:25:00Z", "questions_answered": 3}


async def live_through_everything(office: Office) -> dict[str, Any]:
    """A case with something personal in every place that takes some."""
    form = office.new_case()["form"] | {"need": "حاجة ماسة"}
    case = await office.begin(form=form)
    await office.step(case, "reception", {"reception": RECEPTION})
    await office.step(case, "check")
    question = await office.step(case, "clarifications", {"question": QUESTION})
    await office.step(
        case,
        f"clarifications/{question['id']}/answer",
        {"answer": f"يا {NAME}: لا"},
        role=Role.SOCIAL_RESEARCHER,
    )
    await office.step(case, "documents", office.paper("lease", number=PAPER_NUMBER))
    for status in (S.COMPLETE, S.ATTESTED, S.REFERRED, S.DECIDED):
        await office.advance(case, to=status)
    await office.advance(case, to=S.ANSWERED, outcome=Outcome.REJECTED)
    await office.step(case, "appeal", {"grounds": "تظلمي"})
    await office.hear_body(
        office.studied(case, round_=2),
        office.decided(case, round_=2),
        office.answered(case, round_=2, outcome=Outcome.ACCEPTED),
    )
    for status in (S.REGISTERED, S.DELIVERED):
        await office.advance(case, to=status)
    await office.step(case, "benefit", {"useful": True, "note": NOTE})
    await office.step(case, "closing")
    await hear_itself(office.desk)
    return case


async def everything_told(desk: Desk) -> str:
    async with desk.runtime.database.read() as session:
        connection = await session.connection()
        rows = (await connection.execute(select(tables.outbox.c.envelope))).scalars().all()
    return json.dumps([json.loads(row) for row in rows], ensure_ascii=False)


async def test_the_file_tells_every_fact_with_its_day_in_both_calendars(office: Office) -> None:
    case = await live_through_everything(office)
    timeline = await office.get(f"/api/v1/cases/{case['id']}/timeline")
    assert {entry["event"] for entry in timeline} == {
        "case.drafted",
        "case.received",
        "case.found_incomplete",
        "clarification.asked",
        "clarification.answered",
        "case.completed",
        "case.attested",
        "case.referred",
        "case.studied",
        "case.decided",
        "case.answered",
        "case.appealed",
        "case.registered",
        "case.delivered",
        "benefit.documented",
        "case.closed",
    }
    assert {entry["day"] for entry in timeline} == {"1448-06-12هـ / 2026-11-22م"}
    assert [entry["at"] for entry in timeline] == sorted(entry["at"] for entry in timeline)


async def test_a_fact_says_who_where_and_which_clause_it_keeps(office: Office) -> None:
    answer = await office.post("/api/v1/cases", office.new_case(), role=Role.DELEGATE, branch="hada_sham", person="d-7")
    case = answer.json()
    await office.step(case, "reception", {"reception": RECEPTION}, role=Role.DELEGATE, branch="hada_sham", person="d-7")
    await hear_itself(office.desk)
    drafted, received = await office.get(f"/api/v1/cases/{case['id']}/timeline")
    assert drafted["clauses"] == []
    assert received["clauses"] == ["channel.interview", "step.reception"]
    for entry in (drafted, received):
        assert (entry["person_id"], entry["role"], entry["branch_id"]) == ("d-7", "delegate", "hada_sham")


async def test_neither_file_nor_messages_nor_database_hold_personal_data_in_clear(office: Office) -> None:
    case = await live_through_everything(office)
    timeline = json.dumps(await office.get(f"/api/v1/cases/{case['id']}/timeline"), ensure_ascii=False)
    told = await everything_told(office.desk)
    database = Path(str(office.desk.runtime.database.engine.url.database))
    files = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
    assert case["reference"].encode() in files
    for secret in PERSONAL:
        assert secret not in timeline
        assert secret not in told
        for written in (secret, json.dumps(secret)[1:-1]):
            assert written.encode() not in files


async def test_a_fact_shows_kept_only_what_its_policy_demands(office: Office, kharj: Office) -> None:
    for some, clauses in ((office, []), (kharj, ["eligibility.form"])):
        case = await some.walk(to=S.RECEIVED)
        await hear_itself(some.desk)
        _, received = await some.get(f"/api/v1/cases/{case['id']}/timeline")
        assert received["clauses"] == ["channel.interview", *clauses]


async def conformance(office: Office) -> dict[str, Any]:
    lines: dict[str, Any] = await office.get("/api/v1/conformance", role=Role.AUDITOR)
    return lines


@pytest.mark.parametrize("association", [ASSOCIATION, KHARJ])
async def test_conformance_lists_exactly_the_clauses_that_were_adopted(intake: Desk, association: str) -> None:
    office = Office(intake, association=association)
    shown = await conformance(office)
    assert {line["clause"] for line in shown["lines"]} == {clause.value for clause in office.pack.clauses}
    assert shown["gaps"] == len(office.pack.clauses)
    assert all(line["ar"] and line["en"] for line in shown["lines"])


async def test_conformance_counts_the_evidence_and_the_gaps(office: Office) -> None:
    case = await live_through_everything(office)
    shown = await conformance(office)
    lines = {line["clause"]: line for line in shown["lines"]}
    kept = {clause for clause, line in lines.items() if line["count"]}
    assert kept == {
        "channel.interview",
        "step.reception",
        "step.completeness",
        "step.clarification",
        "step.attestation",
        "step.committee_notice",
        "step.registration",
        "step.delivery",
        "goal.answers",
    }
    assert shown["gaps"] == len(lines) - len(kept)
    assert lines["step.completeness"]["count"] == 2
    assert lines["step.delivery"]["last_event"] == "case.delivered"
    assert lines["step.delivery"]["last_reference"] == case["reference"]
    assert "eligibility.benefit" not in lines


async def test_what_neighbours_tell_is_evidence_too(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    names = office.names(case)
    await office.hear_body(
        MessageSent(**names, message_id="m-1", template="case_referred", medium=Medium.SMS),
        SurveyAnswered(**names, department_id="sponsorship"),
        ComplaintReceived(association_id=office.pack.id, relation_id="r-1", party=Party.SUPPORTER),
    )
    counts = {line["clause"]: line["count"] for line in (await conformance(office))["lines"]}
    shown = (Clause.STEP_COMMITTEE_NOTICE, Clause.GOAL_ELECTRONIC, Clause.GOAL_SATISFACTION, Clause.POLICY_PARTIES)
    assert {counts[clause] for clause in shown} == {1}


async def test_an_association_sees_its_own_evidence_alone(office: Office, kharj: Office) -> None:
    await live_through_everything(office)
    shown = await conformance(kharj)
    assert shown["gaps"] == len(shown["lines"])
