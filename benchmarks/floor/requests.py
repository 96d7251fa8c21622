"""What each request writes: one transaction with the rows that Athar's services write, and its answer under its key."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from benchmarks.floor.database import FloorDatabase, Transaction, add
from benchmarks.floor.effects import ASSOCIATION
from benchmarks.floor.messages import filler, set_timer, tell
from shared.language.events import Source
from shared.plumbing.origin import new_id

OFFICER = "made-up-intake_officer"
ANSWER_LENGTH = 632
NEXT_NUMBER = """INSERT INTO reference_counters (association_id, year, last) VALUES (?, ?, 1)
                 ON CONFLICT (association_id, year) DO UPDATE SET last = reference_counters.last + 1 RETURNING last"""

Write = Callable[[Transaction, str, Any, datetime], Awaitable[dict[str, Any]]]


async def post(database: FloorDatabase, path: str, body: bytes, key: str, now: datetime) -> bytes:
    """Do it in one transaction, and keep the answer under its key."""
    parts = path.split("/")
    step = parts[-1] if parts[-2] != "surveys" else "survey"
    subject = parts[-1] if step == "survey" else parts[-2]
    async with database.transaction() as tx:
        find = "SELECT body FROM idempotent_answers WHERE person_id = ? AND idempotency_key = ?"
        if earlier := await tx.run(find, OFFICER, key):
            return bytes(earlier[0][0])
        answer = await WRITES[step](tx, subject, json.loads(body) if body else {}, now)
        written = json.dumps(answer).encode()
        await add(
            tx,
            "idempotent_answers",
            person_id=OFFICER,
            idempotency_key=key,
            request_digest=hashlib.sha256(body).hexdigest(),
            status=201,
            body=written.ljust(ANSWER_LENGTH),
            answered_at=now,
        )
    return written


SEARCH_KEYS = 8
"""Under which the walkers' applicant is found: number, mobile, and his name of two parts."""
KEEP_KEYS = "INSERT INTO person_search_keys (association_id, key, person_id) VALUES (?, ?, ?)" + ", (?, ?, ?)" * (
    SEARCH_KEYS - 1
)


async def draft(tx: Transaction, _: str, body: Any, now: datetime) -> dict[str, Any]:
    number = (await tx.run(NEXT_NUMBER, ASSOCIATION, now.year))[0][0]
    index = hashlib.sha256(body["applicant"]["national_id"].encode()).hexdigest()[:48]
    await tx.run("SELECT id FROM beneficiaries WHERE association_id = ? AND national_id_index = ?", ASSOCIATION, index)
    person, case_id, reference = new_id(), new_id(), f"KHJ-{now.year}-{number:06d}"
    await add(
        tx,
        "beneficiaries",
        id=person,
        association_id=ASSOCIATION,
        national_id_index=index,
        national_id=filler(100),
        name=filler(120),
        mobile=filler(100),
        language="ar",
        opened_at=now,
    )
    found_by = [hashlib.sha256(f"{index}{place}".encode()).hexdigest()[:48] for place in range(SEARCH_KEYS)]
    await tx.run(KEEP_KEYS, *(value for key in found_by for value in (ASSOCIATION, key, person)))
    await add(tx, "person_branches", association_id=ASSOCIATION, person_id=person, branch="kharj")
    await add(
        tx,
        "cases",
        id=case_id,
        association_id=ASSOCIATION,
        branch_id="kharj",
        reference=reference,
        beneficiary_id=person,
        service_id="new_muslim_care",
        department_id="communities",
        channel="phone",
        status="draft",
        form=filler(228),
        opened_by=OFFICER,
        opened_at=now,
        round=0,
        missing="[]",
    )
    await tell(tx, Source.INTAKE, "case.drafted", case_id, now)
    return {"id": case_id, "reference": reference}


def moved(status: str, event: str, *, also: str = "") -> Write:
    """A request that moves the case and tells it."""

    async def move(tx: Transaction, case_id: str, _: Any, now: datetime) -> dict[str, Any]:
        await tx.run("SELECT status FROM cases WHERE id = ?", case_id)
        values: list[Any] = [status, *([now] * also.count("?")), case_id]
        await tx.run(f"UPDATE cases SET status = ?{also} WHERE id = ?", *values)  # noqa: S608 - our own words
        await tell(tx, Source.INTAKE, event, case_id, now)
        return {"id": case_id, "status": status}

    return move


async def paper(tx: Transaction, case_id: str, body: Any, now: datetime) -> dict[str, Any]:
    await tx.run("SELECT status FROM cases WHERE id = ?", case_id)
    document_id, expires_on = new_id(), date.fromisoformat(body["expires_on"])
    await add(
        tx,
        "documents",
        id=document_id,
        case_id=case_id,
        kind=body["kind"],
        number=filler(100),
        issued_on=date.fromisoformat(body["issued_on"]),
        expires_on=expires_on,
        recorded_by=OFFICER,
        recorded_at=now,
    )
    warned_at = datetime.combine(expires_on, time(9), tzinfo=now.tzinfo) - timedelta(days=14)
    await set_timer(tx, "paper.runs_out", document_id, warned_at, now)
    return {"id": case_id}


async def deliver(tx: Transaction, case_id: str, body: Any, now: datetime) -> dict[str, Any]:
    ((person, branch, service),) = await tx.run(
        "SELECT beneficiary_id, branch_id, service_id FROM cases WHERE id = ?", case_id
    )
    day = date.fromisoformat(body["delivered_on"])
    await tx.run("UPDATE cases SET status = 'delivered', delivered_on = ? WHERE id = ?", day, case_id)
    await tell(tx, Source.INTAKE, "case.delivered", case_id, now)
    await add(
        tx,
        "deliveries",
        id=new_id(),
        case_id=case_id,
        received_by=filler(120),
        proof=filler(120),
        delivered_by=OFFICER,
        recorded_at=now,
    )
    await add(
        tx,
        "given_benefits",
        id=new_id(),
        association_id=ASSOCIATION,
        case_id=case_id,
        beneficiary_id=person,
        branch=branch,
        service_id=service,
        given_on=day,
        whole=True,
    )
    await set_timer(tx, "benefit.unknown", case_id, now + timedelta(days=30), now)
    return {"id": case_id}


async def benefit(tx: Transaction, case_id: str, _: Any, now: datetime) -> dict[str, Any]:
    await tx.run("SELECT status FROM cases WHERE id = ?", case_id)
    await tx.run("UPDATE cases SET benefit_documented_at = ? WHERE id = ?", now, case_id)
    await tell(tx, Source.INTAKE, "benefit.documented", case_id, now)
    await add(
        tx,
        "benefits",
        id=new_id(),
        case_id=case_id,
        useful=True,
        note=filler(140),
        documented_by=OFFICER,
        documented_at=now,
    )
    return {"id": case_id}


async def study(tx: Transaction, case_id: str, _: Any, now: datetime) -> dict[str, Any]:
    await tx.run("SELECT id FROM reviews WHERE case_id = ?", case_id)
    sql = "UPDATE reviews SET status = 'studied', findings = ?, studied_by = ?, studied_at = ? WHERE case_id = ?"
    await tx.run(sql, filler(184), OFFICER, now, case_id)
    await tell(tx, Source.RESEARCH, "case.studied", case_id, now)
    return {"id": case_id}


async def decide(tx: Transaction, case_id: str, _: Any, now: datetime) -> dict[str, Any]:
    await tx.run("SELECT id FROM reviews WHERE case_id = ?", case_id)
    sql = """UPDATE reviews SET status = 'answered', verdict = 'accepted', reason = ?, decided_by = ?, decided_at = ?,
             answered_at = ? WHERE case_id = ?"""
    await tx.run(sql, filler(164), OFFICER, now, now, case_id)
    await tell(tx, Source.RESEARCH, "case.decided", case_id, now)
    await tell(tx, Source.RESEARCH, "case.answered", case_id, now)
    return {"id": case_id}


async def survey(tx: Transaction, code: str, body: Any, now: datetime) -> dict[str, Any]:
    ((case_id,),) = await tx.run("SELECT case_id FROM invitations WHERE code_index = ?", code.ljust(48, "."))
    await tx.run("UPDATE invitations SET answered_at = ? WHERE case_id = ?", now, case_id)
    await add(
        tx,
        "survey_answers",
        id=new_id(),
        association_id=ASSOCIATION,
        ending="served",
        department_id="communities",
        overall=body["overall"],
        ease=body["ease"],
        impression=body["impression"],
        respect=body["respect"],
        speed=body["speed"],
        comment=filler(120),
        answered_on=now.date(),
    )
    await tell(tx, Source.FEEDBACK, "survey.answered", case_id, now)
    return {"id": case_id}


WRITES: dict[str, Write] = {
    "cases": draft,
    "reception": moved("received", "case.received"),
    "documents": paper,
    "check": moved("complete", "case.completed"),
    "referral": moved("referred", "case.referred", also=", round = 1, referred_at = ?, answer_not_before = ?"),
    "registration": moved("registered", "case.registered"),
    "delivery": deliver,
    "benefit": benefit,
    "closing": moved("closed", "case.closed", also=", ended_at = ?"),
    "study": study,
    "department-decision": decide,
    "survey": survey,
}


async def get(database: FloorDatabase, path: str, query: str) -> bytes | None:
    """What the walk looks at; nothing where there is nothing yet."""
    parts = path.split("/")
    if parts[-1] == "review":
        found = await database.read("SELECT round, status FROM reviews WHERE case_id = ?", parts[-2])
        return json.dumps({"round": found[0][0], "status": found[0][1]}).encode() if found else None
    if parts[-1] == "messages":
        case_id = query.partition("case_id=")[2].partition("&")[0]
        sql = "SELECT id, template, status FROM messages WHERE association_id = ? AND case_id = ? ORDER BY id"
        rows = await database.read(sql, ASSOCIATION, case_id)
        return json.dumps({"items": [{"id": i, "template": t, "status": s} for i, t, s in rows]}).encode()
    if parts[-2] == "messages":
        ((body,),) = await database.read("SELECT body FROM messages WHERE id = ?", parts[-1])
        return json.dumps({"body": body}).encode()
    if parts[-2] == "cases":
        found = await database.read("SELECT status FROM cases WHERE id = ?", parts[-1])
        return json.dumps({"status": found[0][0]}).encode() if found else None
    return None
