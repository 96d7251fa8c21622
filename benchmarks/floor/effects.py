"""What each service writes when it takes a fact in: the rows that Athar's services write."""

import json
import secrets
from datetime import datetime
from typing import Any

from benchmarks.floor.database import Transaction, add
from benchmarks.floor.messages import filler, set_timer, tell
from shared.language.events import Source
from shared.plumbing.origin import new_id

ASSOCIATION = "kharj-dawah"
CLAUSES = {
    "benefit.documented": ["eligibility.benefit"],
    "case.answered": ["eligibility.answer"],
    "case.completed": ["step.completeness"],
    "case.delivered": ["step.delivery"],
    "case.received": ["channel.phone", "eligibility.form", "goal.from_where_he_is", "step.reception"],
    "case.referred": ["eligibility.routing"],
    "case.registered": ["step.registration"],
    "case.studied": ["eligibility.verification"],
    "message.sent": ["goal.electronic"],
    "message.sent case_answered": ["eligibility.answer", "goal.answers", "goal.electronic"],
    "survey.answered": ["goal.ease", "goal.satisfaction", "goal.trust.impression"],
    "survey.invited": ["goal.trust.evaluation_right"],
}
BODY_LENGTHS = {
    "case.received": 332,
    "case.referred": 460,
    "case.answered": 420,
    "case.registered": 356,
    "case.delivered": 396,
    "survey.invited": 484,
}
MOVES = {"case.studied": "under_study", "case.decided": "decided", "case.answered": "answered"}
COUNT = """INSERT INTO clause_evidence (association_id, clause, count, last_event, last_reference, last_at)
           VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT (association_id, clause) DO UPDATE
           SET count = clause_evidence.count + 1, last_event = excluded.last_event,
           last_reference = excluded.last_reference, last_at = excluded.last_at"""


async def on_intake(tx: Transaction, told: dict[str, Any], now: datetime) -> None:
    if told["source"] == "timer":
        return
    type_, case_id, template = told["type"], told["key"], told["data"].get("template", "")
    clauses = CLAUSES.get(f"{type_} {template}", CLAUSES.get(type_, []))
    await add(
        tx,
        "timeline_entries",
        event_id=told["id"],
        case_id=case_id,
        association_id=ASSOCIATION,
        at=now,
        source=told["source"],
        event=type_,
        person_id="made-up-intake_officer",
        role="intake_officer",
        clauses=json.dumps(clauses),
        facts=json.dumps({"template": template, "medium": "sms"} if template else {}),
    )
    for clause in clauses:
        await tx.run(COUNT, ASSOCIATION, clause, type_, "KHJ-2026-000001", now)
    if type_ == "case.answered":
        sql = "UPDATE cases SET status = ?, outcome = 'accepted', answered_at = ? WHERE id = ?"
        await tx.run(sql, MOVES[type_], now, case_id)
    elif type_ in MOVES:
        await tx.run("UPDATE cases SET status = ? WHERE id = ?", MOVES[type_], case_id)


async def on_research(tx: Transaction, told: dict[str, Any], now: datetime) -> None:
    if told["type"] == "case.referred":
        await add(
            tx,
            "reviews",
            id=new_id(),
            case_id=told["key"],
            round=1,
            reference="KHJ-2026-000001",
            association_id=ASSOCIATION,
            branch_id="kharj",
            service_id="new_muslim_care",
            department_id="communities",
            reviewing_body="department",
            file=filler(396),
            referred_at=now,
            floor_days=0,
            answer_not_before=now,
            status="open",
        )


async def on_notifications(tx: Transaction, told: dict[str, Any], now: datetime) -> None:
    type_, case_id = told["type"], told["key"]
    if type_ == "send.due":
        await _send(tx, case_id, now)
        return
    if type_ == "case.received":
        await add(
            tx,
            "contacts",
            case_id=case_id,
            association_id=ASSOCIATION,
            reference="KHJ-2026-000001",
            service_id="new_muslim_care",
            name=filler(120),
            mobile=filler(100),
            language="ar",
        )
    if type_ in BODY_LENGTHS:
        code = told["data"].get("code")
        message_id = new_id()
        await add(
            tx,
            "messages",
            id=message_id,
            causing_event_id=told["id"],
            case_id=case_id,
            association_id=ASSOCIATION,
            reference="KHJ-2026-000001",
            template=type_.replace(".", "_"),
            language="ar",
            medium="sms",
            recipient=filler(100),
            subject=filler(100),
            body=f"{code or ''} {filler(BODY_LENGTHS[type_] - 12)}",
            secret=filler(100) if code else None,
            status="queued",
            attempts=0,
            queued_at=now,
        )
        await set_timer(tx, "send.due", message_id, now, now)


async def _send(tx: Transaction, message_id: str, now: datetime) -> None:
    ((case_id, template, recipient, subject, body),) = await tx.run(
        "SELECT case_id, template, recipient, subject, body FROM messages WHERE id = ?", message_id
    )
    await add(
        tx,
        "console_deliveries",
        id=new_id(),
        reference=message_id,
        medium="sms",
        recipient=recipient,
        subject=subject,
        body=body,
        delivered_at=now,
    )
    sql = "UPDATE messages SET status = 'sent', sent_at = ?, attempts = 1, provider_reference = ? WHERE id = ?"
    await tx.run(sql, now, f"console:{message_id}", message_id)
    await tell(tx, Source.NOTIFICATIONS, "message.sent", case_id, now, template=template)


async def on_feedback(tx: Transaction, told: dict[str, Any], now: datetime) -> None:
    if told["type"] == "case.closed":
        code = secrets.token_hex(6)[:11]
        await add(
            tx,
            "invitations",
            id=new_id(),
            case_id=told["key"],
            reference="KHJ-2026-000001",
            association_id=ASSOCIATION,
            ending="served",
            department_id="communities",
            code_index=code.ljust(48, "."),
            invited_at=now,
        )
        await tell(tx, Source.FEEDBACK, "survey.invited", told["key"], now, code=code)


EFFECTS = {
    Source.INTAKE: (on_intake, list(Source)),
    Source.RESEARCH: (on_research, [Source.INTAKE]),
    Source.NOTIFICATIONS: (on_notifications, [Source.INTAKE, Source.RESEARCH, Source.FEEDBACK]),
    Source.FEEDBACK: (on_feedback, [Source.INTAKE]),
}
"""What each service does, and whom it hears."""
