"""Keeping, in every service, which cases are confidential and for whom."""

from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.events import CaseMadeConfidential, CaseMadeOpen, CaseTransferred
from shared.plumbing.confidential_tables import confidential_cases, confidential_people
from shared.plumbing.listener import Listener
from shared.plumbing.scoped_session import conditions_in


async def keep_confidence(session: AsyncSession, event: CaseMadeConfidential | CaseMadeOpen, *, at: datetime) -> None:
    """From now on those whom the event names see the case, or all. The event's own service calls it with the fact."""
    connection = await session.connection()
    for table in (confidential_people, confidential_cases):
        await connection.execute(delete(table).where(table.c.case_id == event.case_id, conditions_in(session, table)))
    if isinstance(event, CaseMadeConfidential):
        mark = {
            "case_id": event.case_id,
            "association_id": event.association_id,
            "reference": event.reference,
            "branch_id": event.branch_id,
            "since": at,
        }
        await connection.execute(insert(confidential_cases).values(mark))
        people = [{"case_id": event.case_id, "person_id": person_id} for person_id in sorted({*event.named})]
        await connection.execute(insert(confidential_people), people)


async def keep_branch_of_mark(session: AsyncSession, moved: CaseTransferred) -> None:
    """The mark of a confidential case says whose it is now; of another case there is none."""
    connection = await session.connection()
    await connection.execute(
        update(confidential_cases)
        .where(confidential_cases.c.case_id == moved.case_id, conditions_in(session, confidential_cases))
        .values(branch_id=moved.to_branch)
    )


def hear_of_transfers(listener: Listener) -> None:
    """Have a service that keeps nothing else of a case's branch follow it to the next."""

    @listener.on(CaseTransferred)
    async def when_case_transferred(event: CaseTransferred, *, session: AsyncSession, now: datetime) -> None:  # noqa: ARG001
        await keep_branch_of_mark(session, event)


def hear_of_confidence(listener: Listener) -> None:
    """Have a service that keeps rows of cases keep this as well."""

    @listener.on(CaseMadeConfidential)
    async def when_case_made_confidential(event: CaseMadeConfidential, *, session: AsyncSession, now: datetime) -> None:
        await keep_confidence(session, event, at=now)

    @listener.on(CaseMadeOpen)
    async def when_case_made_open(event: CaseMadeOpen, *, session: AsyncSession, now: datetime) -> None:
        await keep_confidence(session, event, at=now)
