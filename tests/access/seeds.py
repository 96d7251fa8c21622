"""What each service holds for the doors to lead to: something here, something in another branch and association.

A parameter of a path that no seed names has no door test: the test fails until it is named here.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.intake.domain.case import Case
from services.intake.domain.proposals import propose
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel, Tool
from shared.language.events import CaseReceived, CaseReferred, ProposalKind
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.identity import make_signing_key
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import seal
from shared.plumbing.vault import VAULT
from shared.policy.adopted import pack_of
from tests.access.drawn import drawn
from tests.contracts.problem import everything_written
from tests.edge.file_desk import FORM, FileDesk, form
from tests.edge.papers import image
from tests.feedback.build import closed, code_of, serve_and_answer
from tests.harness.desk import Desk
from tests.intake.arrivals import arrival
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.register.desk import register, register_id
from tests.intake.seated import closed_long_ago

HERE, THERE = "jamoum-orphans", "kharj-dawah"
NEAR, FAR, ABROAD = "hada_sham", "ayn_shams", "dilam"
MISSING = "00000000-0000-7000-8000-000000000000"
TEXT = "كلام لا يراه غريب"


OF_THE_PUBLIC = {"association_id": HERE, "service_id": "school_kit"}
"""What everybody may ask for."""
OF_THE_LOOK = {"file": "sw.js", "example": "queue"}
"""Files and invented pages that every service has."""


@dataclass
class Seed:
    """Names for the parameters of paths. What is `far` is of another branch, what is `abroad` of another association.

    `signs` tell whose a thing is wherever they are read.
    """

    here: dict[str, str] = field(default_factory=dict)
    of_branch: frozenset[str] = frozenset()
    of_nobody: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    """What stands in a query that a door demands."""
    signs_here: list[str] = field(default_factory=list)
    signs_far: list[str] = field(default_factory=list)
    signs_abroad: list[str] = field(default_factory=list)

    def value(self, name: str, *, missing: bool) -> str:
        """What stands for the parameter. Raises `KeyError` for one that nobody seeded."""
        if name in OF_THE_LOOK:
            return OF_THE_LOOK[name]
        if name in self.of_nobody:
            return self.of_nobody[name]
        return MISSING if missing and name in self.here else self.here[name]


async def of_intake(desk: Desk) -> Seed:
    near, far = (Office(desk, role=Role.DELEGATE, branch=branch) for branch in (NEAR, FAR))
    abroad = Office(desk, association=THERE, role=Role.DELEGATE, branch=ABROAD)
    seed = Seed(
        of_branch=frozenset({"case_id", "clarification_id", "document_id", "contact_id", *AFTER_ACCEPTANCE}),
        of_nobody={"tool": Tool.RESEARCH_GUIDE.value, "kind": "xlsx", "branch_id": "jamoum"} | OF_THE_PUBLIC,
        asked={"q": NAME},
    )
    for office, signs in ((near, seed.signs_here), (far, seed.signs_far), (abroad, seed.signs_abroad)):
        case = await office.begin()
        await office.step(case, "reception", {})
        asked = await office.step(case, "clarifications", {"question": TEXT})
        signs += [case["id"], case["reference"]]
        if office is near:
            seed.here |= {"case_id": case["id"], "clarification_id": asked["id"]}
            seed.here["document_id"] = await _paper(office, case)
            seed.here |= await _of_the_desk(office, case)
        of_person = await _person(office, case)
        if office is near:
            seed.here |= of_person
            seed.here |= await _household(office, of_person["subject_id"])
        # The same person in both branches, of which either serves him: only another association finds nothing of him.
        signs += of_person.values() if office is abroad else []
    await _accepted(near, seed)
    await _library(desk, seed)
    await _staff(desk, seed)
    await _lists(desk, seed)
    seed.here["closing_id"] = await closed_long_ago(desk, association=HERE)
    seed.signs_abroad.append(await closed_long_ago(desk, association=THERE))
    for association, edition in ((HERE, "seed-here"), (THERE, "seed-there")):
        body = {"edition": edition, "summary": TEXT}
        who = {"role": Role.ASSOCIATION_ADMINISTRATOR, "association": association}
        made = await desk.call("POST", "/api/v1/policy/circulations", body=body, **who)
        if association == HERE:
            seed.here["circulation_id"] = made.json()["id"]
    return seed


AFTER_ACCEPTANCE = ("transfer_id", "plan_id", "collector_id", "proof_id", "proposal_id")


async def _accepted(office: Office, seed: Seed) -> None:
    """Another case of the branch, with its delivery planned, and asked for by the head office's branch."""
    case = await office.walk(to=CaseStatus.REGISTERED)
    plan = {"planned_for": "2026-12-06", "place": TEXT, "what": TEXT}
    collector = {"name": TEXT, "national_id": "1000000008", "relation": TEXT, "proof": TEXT}
    seed.here["plan_id"] = (await office.step(case, "delivery-plans", plan))["id"]
    seed.here["collector_id"] = (await office.step(case, "collectors", collector))["id"]
    path = f"/api/v1/cases/{case['id']}/delivery-proofs"
    seed.here["proof_id"] = (await FileDesk(office, case, "", Path()).send(form(image()), path=path)).json()["id"]
    asked = await office.step(case, "transfers", {"to_branch": "jamoum", "reason": TEXT})
    async with office.desk.runtime.database.write(scope=EVERYTHING) as session:
        row = await session.get_one(Case, seed.here["case_id"])
        proposal = propose(row, ProposalKind.FOLLOW_UP_DUE, mark="seed", at=office.desk.clock.now())
        session.add(proposal)
        session.add(drawn(row, office))
        seed.here |= {"transfer_id": asked["id"], "proposal_id": proposal.id}
    seed.signs_here += [case["id"], case["reference"]]


async def _person(office: Office, case: dict[str, Any]) -> dict[str, str]:
    """Whose case it is, and what he asked about his own data."""
    subject = (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    asked = {"subject_id": subject, "right": "access", "manner": "spoken", "proof": "document_seen"}
    request = (await office.post("/api/v1/personal/requests", asked)).json()
    return {"subject_id": subject, "request_id": request["id"]}


async def _household(office: Office, subject: str) -> dict[str, str]:
    """Somebody in his household, somebody who acts for him, and a file that may be his as well."""
    other = await register_id(office, OTHER_NATIONAL_ID, "خالد الغامدي")
    person = f"/api/v1/people/{subject}"
    member = (await office.post(f"{person}/household/members", {"kinship": "son", "name": "سعد"})).json()
    agent = {"agent_national_id": OTHER_NATIONAL_ID, "capacity": "agent", "deeds": ["collect"]}
    mandate = (await office.post(f"{person}/mandates", agent)).json()
    pair = (await office.post("/api/v1/duplicates", {"one": subject, "other": other})).json()
    typed = (await register(office, NATIONAL_ID, "نورة سالم"))["registration_id"]
    return {
        "member_id": member["id"],
        "mandate_id": mandate["id"],
        "pair_id": pair["id"],
        "registration_id": typed,
    }


async def _paper(office: Office, case: dict[str, Any]) -> str:
    """A document of the case with its file."""
    document = await office.step(case, "documents", office.paper(office.service.documents[0].kind))
    sent = await FileDesk(office, case, document["id"], Path()).send(form(image()))
    assert sent.status_code == 201, sent.text
    return str(document["id"])


async def _of_the_desk(office: Office, case: dict[str, Any]) -> dict[str, str]:
    """How the case came, a contact that is none yet, and a letter."""
    await office.step(case, "arrival", {"arrival": arrival("interview")})
    contact = (await office.post("/api/v1/contacts", {"need": TEXT, "arrival": arrival("phone")})).json()
    return {"contact_id": contact["id"]}


async def _library(desk: Desk, seed: Seed) -> None:
    """An edition of a tool with its document, and a common answer."""
    administrator = {"role": Role.ASSOCIATION_ADMINISTRATOR}
    office = Office(desk, **administrator)
    edition = {"edition": "seed", "title": "دليل", "text": TEXT}
    made = (await office.post(f"/api/v1/tools/{Tool.RESEARCH_GUIDE}/editions", edition)).json()
    path = f"/api/v1/tools/{Tool.RESEARCH_GUIDE}/editions/{made['id']}/file"
    headers = {"Authorization": f"Bearer {desk.token(**administrator)}", "Content-Type": FORM}
    sent = await desk.client.post(path, content=form(image()), headers=headers)
    assert sent.status_code == 201, sent.text
    words = {"question": "ما المدة؟", "answer": TEXT}
    entry = (await office.post("/api/v1/guide", words, role=Role.INTAKE_OFFICER)).json()
    seed.here |= {"edition_id": made["id"], "entry_id": entry["id"]}


async def _staff(desk: Desk, seed: Seed) -> None:
    """Somebody who sits in a seat, and another who sits in it during his leave, in both associations."""
    for association, branch, signs in ((HERE, NEAR, seed.signs_here), (THERE, ABROAD, seed.signs_abroad)):
        who = {"role": Role.ASSOCIATION_ADMINISTRATOR, "association": association}
        new = [{"user_name": name, "name": TEXT} for name in ("sara", "omar")]
        added = [await desk.call("POST", "/api/v1/staff", body=one, **who) for one in new]
        sara, omar = (one.json()["person_id"] for one in added)
        seats = f"/api/v1/staff/{sara}/seats"
        seat = (await desk.call("POST", seats, body={"role": "delegate", "branch_id": branch}, **who)).json()["id"]
        now = desk.clock.now()
        leave = {
            "to_person_id": omar,
            "valid_from": now.isoformat(),
            "valid_until": (now + timedelta(days=7)).isoformat(),
        }
        lent = (await desk.call("POST", f"{seats}/{seat}/delegations", body=leave, **who)).json()["id"]
        signs += [sara, seat, lent]
        if association == HERE:
            seed.here |= {"person_id": sara, "seat_id": seat, "delegation_id": lent}


async def _lists(desk: Desk, seed: Seed) -> None:
    """A table that was sent, and a filter that somebody keeps, in both associations."""
    table = f"رقم الهوية,الاسم,الجوال\n1000000008,{TEXT},0555000111\n".encode()
    for association, signs in ((HERE, seed.signs_here), (THERE, seed.signs_abroad)):
        who = {"role": Role.ASSOCIATION_ADMINISTRATOR, "association": association}
        headers = {
            "Authorization": f"Bearer {desk.token(Role.ASSOCIATION_ADMINISTRATOR, association=association)}",
            "Content-Type": "application/octet-stream",
        }
        sent = await desk.client.post("/api/v1/imports", content=table, headers=headers)
        assert sent.status_code == 201, sent.text
        body = {"of_list": "cases", "name": "x", "query": "status=draft"}
        kept = (await desk.call("POST", "/api/v1/filters", body=body, **who)).json()
        signs += [sent.json()["id"], kept["id"]]
        if association == HERE:
            seed.here |= {"import_id": sent.json()["id"], "filter_id": kept["id"]}


async def of_research(desk: Desk) -> Seed:
    VAULT.make("person-here", now=desk.clock.now())
    seed = Seed(here={"case_id": "case-near", "subject_id": "person-here"}, of_nobody={"kind": "xlsx"})
    places = ((HERE, NEAR, "case-near"), (HERE, FAR, "case-far"), (THERE, ABROAD, "case-abroad"))
    for association, branch, case in places:
        await desk.hear(_referral(desk, association=association, branch=branch, case=case))
    seed.signs_here, seed.signs_abroad = ["case-near", "case-far"], ["case-abroad", "KHJ-"]
    return seed


def _referral(desk: Desk, *, association: str, branch: str, case: str) -> CaseReferred:
    pack, now = pack_of(association), desk.clock.now()
    return CaseReferred(
        association_id=association,
        case_id=case,
        subject_id="person-here" if association == HERE else None,
        reference=f"{pack.association.code}-{case}",
        round=1,
        branch_id=branch,
        service_id=pack.services[0].id,
        department_id=pack.services[0].department,
        reviewing_body=pack.reviewing_body,
        referred_at=now,
        floor_days=pack.reply_floor_days,
        answer_not_before=now,
        file=seal('{"applicant_name": "نورة"}'),
    )


async def of_notifications(desk: Desk) -> Seed:
    VAULT.make("person-here", now=desk.clock.now())
    seed = Seed(here={"subject_id": "person-here"}, of_nobody={"kind": "xlsx"})
    for association, case in ((HERE, "case-here"), (THERE, "case-abroad")):
        pack = pack_of(association)
        await desk.hear(
            CaseReceived(
                association_id=association,
                case_id=case,
                subject_id="person-here" if association == HERE else None,
                reference=f"{pack.association.code}-{case}",
                branch_id=pack.branches[1].id,
                service_id=pack.services[0].id,
                department_id=pack.services[0].department,
                channel=Channel.PHONE,
                contact=seal('{"name": "نورة", "mobile": "+966555000111"}'),
            )
        )
        page = await desk.call("GET", "/api/v1/messages", role=Role.NOTIFICATIONS_OPERATOR, association=association)
        (message,) = page.json()["items"]
        signs = seed.signs_here if association == HERE else seed.signs_abroad
        signs += [message["id"], case]
        if association == HERE:
            seed.here["message_id"] = message["id"]
    return seed


async def of_feedback(desk: Desk) -> Seed:
    seed = Seed(of_nobody={"kind": "xlsx"})
    said = {"party": "beneficiary", "subject": TEXT, "text": TEXT}
    improvement = {"title": TEXT, "found_by": "complaint", "owner": "x", "due_on": "2027-01-31"}
    for association in (HERE, THERE):
        officer = {"role": Role.QUALITY_OFFICER, "association": association}
        complaint = (await desk.call("POST", "/api/v1/complaints", body=said, **officer)).json()
        action = (await desk.call("POST", "/api/v1/improvements", body=improvement, **officer)).json()
        signs = seed.signs_here if association == HERE else seed.signs_abroad
        signs += [complaint["id"], action["id"]]
        if association == HERE:
            seed.here |= {"complaint_id": complaint["id"], "improvement_id": action["id"]}
            seed.here |= {"relation_id": complaint["id"], "subject_id": await _subject(desk, complaint)}
    await serve_and_answer(desk, "case-1", "case-2", "case-3")
    await desk.hear(closed("case-4"))
    seed.of_nobody["code"] = await code_of(desk, "case-4")
    return seed


async def _subject(desk: Desk, complaint: dict[str, Any]) -> str:
    page = await desk.call("GET", "/api/v1/complaints", role=Role.QUALITY_OFFICER, association=HERE)
    return next(str(one["subject_id"]) for one in page.json()["items"] if one["id"] == complaint["id"])


def set_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What intake needs besides its database: a folder for files, and a key to sign with."""
    key = folder / "signing-key.json"
    key.write_text(json.dumps(make_signing_key().as_dict(private=True)))
    monkeypatch.setenv("ATHAR_FILES_FOLDER", str(folder / "files"))
    monkeypatch.setenv("ATHAR_INTAKE_SIGNING_KEY_FILE", str(key))


SEEDS: dict[str, Callable[[Desk], Awaitable[Seed]]] = {
    "intake": of_intake,
    "research": of_research,
    "notifications": of_notifications,
    "feedback": of_feedback,
}


async def dead_letter(desk: Desk) -> str:
    """A message that could not be taken in: the installation's, of no association."""
    async with desk.runtime.database.write() as session:
        connection = await session.connection()
        row = {
            "event_id": "dead",
            "source": "timer",
            "type": "made.up",
            "key": "x",
            "envelope": "{}",
            "state": tables.DEAD,
            "due_at": desk.clock.now(),
            "received_at": desk.clock.now(),
            "error": "a made-up reason",
        }
        await connection.execute(tables.inbox.insert().values(row))
        found: Any = await connection.scalar(select(tables.inbox.c.id).where(tables.inbox.c.event_id == "dead"))
    return str(found)


__all__ = ["HERE", "SEEDS", "THERE", "Seed", "dead_letter", "everything_written", "set_environment"]
