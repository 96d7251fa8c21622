"""Facts of intake as its outbox would hold them, for the parts that need many at once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert

from benchmarks.walk import PACK, SERVICE
from shared.language import events as e
from shared.language.clauses import Channel
from shared.plumbing import tables
from shared.plumbing.clock import SystemClock
from shared.plumbing.database import Database
from shared.plumbing.envelope import envelope_of
from shared.plumbing.origin import new_id
from shared.plumbing.seal import seal

AT_ONCE = 500
FACTS_A_CASE = 7


def referrals(number: int) -> Iterator[e.Event]:
    """One referral a case: each opens a review."""
    for _ in range(number):
        yield _referred(_names())


def lives(number: int) -> Iterator[e.Event]:
    """So many facts, seven a case, from the draft to the closed file."""
    for start in range(0, number, FACTS_A_CASE):
        names = _names()
        service = {"branch_id": PACK.head_office.id, "service_id": SERVICE.id}
        whole = (
            e.CaseDrafted(**names, **service, channel=Channel.PHONE),
            e.CaseReceived(
                **names, **service, department_id=SERVICE.department, channel=Channel.PHONE, contact=seal("{}")
            ),
            e.CaseCompleted(**names, documents_checked=2),
            _referred(names),
            e.CaseRegistered(**names),
            e.CaseDelivered(**names, service_id=SERVICE.id, delivered_on=SystemClock().now().date()),
            e.CaseClosed(**names, ending=e.Ending.SERVED, department_id=SERVICE.department),
        )
        yield from whole[: number - start]


async def fill_outbox(database: Database, facts: Iterator[e.Event]) -> int:
    """Put the facts into the outbox, as if their requests had just been made; how many."""
    rows: list[dict[str, Any]] = []
    seqs: dict[str, int] = {}
    now = SystemClock().now()
    for fact in facts:
        seqs[fact.key] = seq = seqs.get(fact.key, 0) + 1
        envelope = envelope_of(fact, seq=seq, at=now)
        rows.append(
            {
                "event_id": envelope.id,
                "type": envelope.type,
                "key": envelope.key,
                "seq": seq,
                "envelope": envelope.model_dump_json(),
                "created_at": now,
            }
        )
    for start in range(0, len(rows), AT_ONCE):
        async with database.write() as session:
            await (await session.connection()).execute(insert(tables.outbox), rows[start : start + AT_ONCE])
    return len(rows)


def _names() -> dict[str, str]:
    return {"association_id": PACK.id, "case_id": new_id(), "reference": "KHJ-2026-000001"}


def _referred(names: dict[str, str]) -> e.CaseReferred:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    return e.CaseReferred(
        **names,
        round=1,
        branch_id=PACK.head_office.id,
        service_id=SERVICE.id,
        department_id=SERVICE.department,
        reviewing_body=PACK.reviewing_body,
        referred_at=long_ago,
        floor_days=0,
        answer_not_before=long_ago,
        file=seal('{"applicant_name":"سالم","form":{},"documents":["residence_permit"]}'),
    )
