"""The queries about how people come: first contacts, how a request came, and the register of letters."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, delete, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.contacts import Arrival, FirstContact
from services.intake.domain.letters import Direction, LetterCounter, RegisteredLetter
from services.intake.domain.rights import OtherPerson
from services.intake.store.moments import BEGINNING, Moment
from shared.language.errors import ArrivalNotRecorded, ContactNotFound
from shared.plumbing.database import insert_new
from shared.plumbing.identity import Scope


async def get_contact(session: AsyncSession, contact_id: str, *, scope: Scope) -> FirstContact:
    """A contact, held for change. Raises `ContactNotFound`, also for one that is not his to see."""
    query = select(FirstContact).where(FirstContact.id == contact_id).with_for_update()
    return _in_scope((await session.exec(query)).first(), scope)


async def see_contact(session: AsyncSession, contact_id: str, *, scope: Scope) -> FirstContact:
    """A contact to be shown. Raises as `get_contact`."""
    return _in_scope(await session.get(FirstContact, contact_id), scope)


def _in_scope(contact: FirstContact | None, scope: Scope) -> FirstContact:
    if contact is None or not scope.holds(association_id=contact.association_id, branch_id=contact.branch_id):
        raise ContactNotFound
    return contact


async def list_contacts(session: AsyncSession, *, scope: Scope, after: str, limit: int) -> list[FirstContact]:
    """A page of contacts, oldest first."""
    query = select(FirstContact).where(FirstContact.association_id == scope.association_id, FirstContact.id > after)
    if scope.branch_id is not None:
        query = query.where(FirstContact.branch_id == scope.branch_id)
    return list((await session.exec(query.order_by(FirstContact.id).limit(limit))).all())


async def contacts_to_call(
    session: AsyncSession, *, scope: Scope, limit: int, after: Moment = BEGINNING
) -> list[FirstContact]:
    """A page of who was promised a call and has not been called, the next first."""
    at, contact_id = after
    query = select(FirstContact).where(
        FirstContact.association_id == scope.association_id,
        col(FirstContact.call_back_at).is_not(None),
        col(FirstContact.called_back_at).is_(None),
        col(FirstContact.call_back_at) >= at,
        or_(
            col(FirstContact.call_back_at) > at,
            and_(col(FirstContact.call_back_at) == at, col(FirstContact.id) > contact_id),
        ),
    )
    if scope.branch_id is not None:
        query = query.where(FirstContact.branch_id == scope.branch_id)
    query = query.order_by(col(FirstContact.call_back_at), FirstContact.id).limit(limit)
    return list((await session.exec(query)).all())


async def follow_case(session: AsyncSession, *, case_id: str, to_branch: str) -> None:
    """The case is another branch's now, and the contact that it came of and the letters about it."""
    contacts = update(FirstContact).where(col(FirstContact.case_id) == case_id)
    letters = update(RegisteredLetter).where(col(RegisteredLetter.case_id) == case_id)
    for about_it in (contacts, letters):
        moved = about_it.values(branch_id=to_branch)
        await session.exec(moved.execution_options(synchronize_session=False))


async def move_unfiled(session: AsyncSession, *, association_id: str, branch: str, to_branch: str, limit: int) -> bool:
    """So many contacts and letters of a branch that are about no case go to another; whether there may be more."""
    contacts = (
        select(FirstContact.id)
        .where(FirstContact.association_id == association_id, FirstContact.branch_id == branch)
        .where(col(FirstContact.case_id).is_(None))
        .order_by(FirstContact.id)
    )
    letters = (
        select(RegisteredLetter.id)
        .where(RegisteredLetter.association_id == association_id, RegisteredLetter.branch_id == branch)
        .where(col(RegisteredLetter.case_id).is_(None))
        .order_by(col(RegisteredLetter.direction), col(RegisteredLetter.year), col(RegisteredLetter.number))
    )
    full = False
    for kind, of_branch in ((FirstContact, contacts), (RegisteredLetter, letters)):
        ids = (await session.exec(of_branch.limit(limit))).all()
        await _move(session, kind, ids, to_branch=to_branch)
        full = full or len(ids) == limit
    return full


async def _move(session: AsyncSession, kind: Any, ids: Sequence[str], *, to_branch: str) -> None:
    moved = update(kind).where(kind.id.in_(ids)).values(branch_id=to_branch)
    await session.exec(moved.execution_options(synchronize_session=False))


async def forget_other_person(session: AsyncSession, subject_id: str) -> None:
    """Who is known by his file now asks for his rights by it."""
    gone = delete(OtherPerson).where(col(OtherPerson.subject_id) == subject_id)
    await session.exec(gone.execution_options(synchronize_session=False))


async def contacts_of(session: AsyncSession, subject_id: str) -> list[FirstContact]:
    """His first contacts, also those that became requests: a handful."""
    query = select(FirstContact).where(FirstContact.subject_id == subject_id).with_for_update()
    return list((await session.exec(query)).all())


async def find_arrival(session: AsyncSession, case_id: str) -> Arrival | None:
    return (await session.exec(select(Arrival).where(Arrival.case_id == case_id))).first()


async def get_arrival(session: AsyncSession, case_id: str) -> Arrival:
    """Raises `ArrivalNotRecorded`."""
    if (found := await find_arrival(session, case_id)) is None:
        raise ArrivalNotRecorded
    return found


async def next_letter_number(session: AsyncSession, *, association_id: str, direction: Direction, year: int) -> int:
    """The next running number of the register; given once, even to two that ask at the same time."""
    connection = await session.connection()
    await connection.execute(
        insert_new(LetterCounter.__table__, sqlite=connection.dialect.name == "sqlite").values(  # type: ignore[attr-defined]
            association_id=association_id, direction=direction, year=year, last=0
        )
    )
    number = await connection.scalar(
        update(LetterCounter)
        .where(
            col(LetterCounter.association_id) == association_id,
            col(LetterCounter.direction) == direction,
            col(LetterCounter.year) == year,
        )
        .values(last=col(LetterCounter.last) + 1)
        .returning(col(LetterCounter.last))
    )
    return int(number or 0)


async def find_letter(session: AsyncSession, letter_id: str) -> RegisteredLetter | None:
    return await session.get(RegisteredLetter, letter_id)


async def list_letters(
    session: AsyncSession, *, scope: Scope, direction: Direction, year: int, after: int, limit: int
) -> list[RegisteredLetter]:
    """A page of the register, by running number."""
    query = select(RegisteredLetter).where(
        RegisteredLetter.association_id == scope.association_id,
        RegisteredLetter.direction == direction,
        RegisteredLetter.year == year,
        RegisteredLetter.number > after,
    )
    if scope.branch_id is not None:
        query = query.where(RegisteredLetter.branch_id == scope.branch_id)
    return list((await session.exec(query.order_by(col(RegisteredLetter.number)).limit(limit))).all())
