"""What is missing is one list, brought at once and told in one message; papers on file serve again; ends are told."""

from datetime import date, timedelta
from typing import Any

from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Clause
from shared.language.events import CaseCompleted, CaseFoundIncomplete, PapersRunningOut
from shared.language.roles import Role
from tests.intake.office import NAME, OTHER_NATIONAL_ID, Office

S = CaseStatus
DAY = timedelta(days=1)
REQUIRED = ["national_id", "father_death_certificate", "income_statement"]


async def see(office: Office, case: dict[str, Any], **who: Any) -> dict[str, Any]:
    shown: dict[str, Any] = await office.get(f"/api/v1/cases/{case['id']}/checklist", **who)
    return shown


async def states(office: Office, case: dict[str, Any]) -> dict[str, str]:
    return {item["kind"]: item["state"] for item in (await see(office, case))["items"]}


async def on_file(office: Office, case: dict[str, Any], **who: Any) -> dict[str, str]:
    found = await office.get(f"/api/v1/cases/{case['id']}/papers-on-file", **who)
    return {paper["kind"]: paper["id"] for paper in found}


def agreed(document_id: str) -> dict[str, Any]:
    return {"document_id": document_id, "agreed": "applicant", "agreed_name": NAME}


def ending(office: Office, kind: str, *, in_days: int) -> dict[str, Any]:
    today = office.desk.clock.now().date()
    return office.paper(kind, issued_on=str(today - DAY), expires_on=str(today + in_days * DAY))


async def test_the_checklist_says_of_each_item_where_it_stands(office: Office) -> None:
    """`step.completeness`."""
    case = await office.walk(to=S.RECEIVED)
    assert await states(office, case) == dict.fromkeys(REQUIRED, "missing") | {"lease": "not_given"}
    await office.step(case, "documents", office.paper("national_id"))
    await office.step(case, "documents", ending(office, "father_death_certificate", in_days=5))
    shown = await see(office, case)
    assert (shown["missing"], shown["complete"]) == (["income_statement"], False)
    assert [item["state"] for item in shown["items"]] == ["given", "runs_out", "missing", "not_given"]
    office.desk.clock.forward(6 * DAY)
    assert (await states(office, case))["father_death_certificate"] == "missing"


async def test_the_check_tells_the_very_list_that_the_checklist_shows_and_once(office: Office) -> None:
    case = await office.walk(to=S.RECEIVED)
    shown = await see(office, case)
    assert (await office.step(case, "check"))["missing"] == shown["missing"] == REQUIRED
    (told,) = await office.desk.told(CaseFoundIncomplete)
    assert isinstance(told, CaseFoundIncomplete)
    assert told.missing == tuple(REQUIRED)


async def test_what_is_missing_is_brought_at_once_and_nothing_is_begun_again(office: Office) -> None:
    case = await office.walk(to=S.INCOMPLETE)
    completed = await office.step(case, "completion", {"papers": [office.paper(kind) for kind in REQUIRED]})
    assert (completed["status"], completed["reference"], completed["missing"]) == ("complete", case["reference"], [])
    (told,) = await office.desk.told(CaseCompleted)
    assert Clause.STEP_COMPLETENESS in told.evidence()


async def test_who_brings_some_is_told_the_rest_in_one_list(office: Office) -> None:
    case = await office.walk(to=S.INCOMPLETE)
    still = await office.step(case, "completion", {"papers": [office.paper("lease"), office.paper("national_id")]})
    assert (still["status"], still["missing"]) == ("incomplete", REQUIRED[1:])
    assert len(await office.desk.told(CaseFoundIncomplete)) == 2


async def test_one_paper_that_is_refused_leaves_all_as_it_was(office: Office) -> None:
    case = await office.walk(to=S.INCOMPLETE)
    papers = [office.paper("national_id"), office.paper("lease", expires_on="2026-11-21")]
    await office.refuse_step(
        case,
        "completion",
        {"papers": papers},
        status=422,
        code="document_expired",
        field="expires_on",
        clause="step.completeness",
    )


async def test_a_paper_that_runs_out_after_the_check_does_not_go_up(office: Office) -> None:
    case = await office.walk(to=S.INCOMPLETE)
    papers = [office.paper("national_id"), office.paper("income_statement")]
    await office.step(case, "completion", {"papers": [*papers, ending(office, "father_death_certificate", in_days=3)]})
    await office.advance(case, to=S.ATTESTED)
    office.desk.clock.forward(4 * DAY)
    await office.refuse_step(
        case, "referral", status=422, code="document_expired", field="expires_on", clause="step.completeness"
    )


async def test_a_paper_on_file_serves_a_new_request_of_the_same_person(office: Office) -> None:
    first = await office.walk(to=S.COMPLETE)
    second = await office.walk(to=S.INCOMPLETE)
    there = await on_file(office, second)
    assert set(there) == set(REQUIRED)
    reused = [agreed(there[kind]) for kind in REQUIRED]
    completed = await office.step(second, "completion", {"on_file": reused})
    assert completed["status"] == "complete"
    shown = await see(office, second)
    assert [paper["on_file"] for item in shown["items"] for paper in item["papers"]] == [True] * 3
    assert first["id"] != second["id"]


async def test_a_paper_on_file_is_used_once_and_only_while_it_is_valid(office: Office) -> None:
    await office.walk(to=S.COMPLETE)
    case = await office.walk(to=S.RECEIVED)
    there = await on_file(office, case)
    await office.step(case, "papers-on-file", agreed(there["national_id"]))
    refusal = {"status": 422, "code": "paper_not_reusable", "field": "document_id"}
    await office.refuse_step(case, "papers-on-file", agreed(there["national_id"]), **refusal)
    office.desk.clock.forward(100 * DAY)  # the income statement counts ninety days
    assert "income_statement" not in await on_file(office, case)
    await office.refuse_step(case, "papers-on-file", agreed(there["income_statement"]), **refusal)


async def test_another_persons_paper_is_neither_shown_nor_used(office: Office) -> None:
    theirs = await office.walk(to=S.COMPLETE)
    paper = (await see(office, theirs))["items"][0]["papers"][0]["id"]
    applicant = {"national_id": OTHER_NATIONAL_ID, "name": "هند القحطاني"}
    case = await office.begin(applicant=applicant)
    assert await on_file(office, case) == {}
    await office.refuse_step(
        case, "papers-on-file", agreed(paper), status=422, code="paper_not_reusable", field="document_id"
    )


async def test_a_branch_is_not_shown_what_lies_on_file_in_another(office: Office) -> None:
    """The second branch knows that there is a file, not what is in it; the head office may use it for him."""
    here, there = (Office(office.desk, role=Role.DELEGATE, branch=branch) for branch in ("hada_sham", "ayn_shams"))
    await here.walk(to=S.COMPLETE)
    case = await there.walk(to=S.RECEIVED)
    assert await on_file(there, case) == {}
    found = await on_file(office, case)
    assert set(found) == set(REQUIRED)
    await office.step(case, "papers-on-file", agreed(found["national_id"]))
    assert (await states(there, case))["national_id"] == "given"


async def test_a_paper_of_a_confidential_request_is_not_shown_by_way_of_an_open_one(office: Office) -> None:
    manager = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
    closed = await Office(office.desk, **manager).walk(to=S.COMPLETE)
    reason = {"reason": "عنف أسري", "named": []}
    await office.step(closed, "confidence", reason, **manager)
    case = await office.walk(to=S.RECEIVED)
    assert await on_file(office, case) == {}
    paper = (await see(office, closed, **manager))["items"][0]["papers"][0]["id"]
    opened = await Office(office.desk, **manager).begin()
    await office.refuse_step(
        opened,
        "papers-on-file",
        agreed(paper),
        status=422,
        code="paper_not_reusable",
        field="document_id",
        **manager,
    )


async def test_papers_that_run_out_are_told_once_and_together(office: Office) -> None:
    """`goal.proactive`: without his asking, in one message."""
    case = await office.walk(to=S.RECEIVED)
    for kind, days in (("national_id", 30), ("father_death_certificate", 34)):
        await office.step(case, "documents", ending(office, kind, in_days=days))
    office.desk.clock.forward(15 * DAY)
    await office.desk.settle()
    assert await office.desk.told(PapersRunningOut) == []
    for days in (2, 10):
        office.desk.clock.forward(days * DAY)
        await office.desk.settle()
    (told,) = await office.desk.told(PapersRunningOut)
    assert isinstance(told, PapersRunningOut)
    assert told.papers == ("national_id", "father_death_certificate")
    assert told.first_on == date(2026, 12, 22)


async def test_nobody_is_warned_of_a_paper_that_was_replaced_or_of_a_request_that_went_up(office: Office) -> None:
    replaced = await office.walk(to=S.RECEIVED)
    await office.step(replaced, "documents", ending(office, "national_id", in_days=30))
    await office.step(replaced, "documents", office.paper("national_id"))
    gone_up = await office.walk(to=S.INCOMPLETE)
    papers = [office.paper(kind) for kind in REQUIRED[1:]]
    await office.step(gone_up, "completion", {"papers": [*papers, ending(office, "national_id", in_days=30)]})
    for status in (S.ATTESTED, S.REFERRED):
        await office.advance(gone_up, to=status)
    office.desk.clock.forward(20 * DAY)
    await office.desk.settle()
    assert await office.desk.told(PapersRunningOut) == []
    assert await office.desk.dead() == []


async def test_what_ran_short_in_a_draft_is_told_when_it_is_complete(office: Office) -> None:
    case = await office.begin()
    await office.step(case, "documents", ending(office, "national_id", in_days=5))
    await office.desk.settle()
    assert await office.desk.told(PapersRunningOut) == []
    await office.step(case, "reception", {})
    await office.step(case, "completion", {"papers": [office.paper(kind) for kind in REQUIRED[1:]]})
    (told,) = await office.desk.told(PapersRunningOut)
    assert isinstance(told, PapersRunningOut)
    assert told.papers == ("national_id",)
