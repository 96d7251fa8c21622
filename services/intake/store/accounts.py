"""Every query of intake about staff, seats and sessions. Rows are held in one order: tries, staff, seat, session."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.second_factor import RecoveryCode
from services.intake.domain.accounts.sessions import SpentSecret, StaffSession
from services.intake.domain.accounts.staff import Delegation, Place, Seat, Staff
from services.intake.domain.accounts.tries import SignInTries
from services.intake.store.rows import NOWHERE, keep_to
from shared.language.errors import SeatNotFound, StaffNotFound
from shared.language.roles import Role
from shared.plumbing.database import insert_new

SESSIONS_KEPT = timedelta(days=30)
CLEARED_AT_ONCE = 50
MOST_SEATS = 200


async def staff_named(session: AsyncSession, *, association_id: str, folded: str) -> Staff | None:
    """Whose user name it is."""
    query = select(Staff).where(Staff.association_id == association_id, Staff.user_name_folded == folded)
    return (await session.exec(query)).first()


async def staff_known_as(session: AsyncSession, *, association_id: str, subject_index: str) -> Staff | None:
    """Whom the identity provider means."""
    query = select(Staff).where(Staff.association_id == association_id, Staff.subject_index == subject_index)
    return (await session.exec(query.with_for_update())).first()


async def get_staff(session: AsyncSession, staff_id: str, *, association_id: str) -> Staff:
    """Held for change. Raises `StaffNotFound`, also for another association's."""
    found = await hold_staff(session, staff_id)
    if found is None or found.association_id != association_id:
        raise StaffNotFound
    return found


async def see_staff(session: AsyncSession, staff_id: str, *, association_id: str) -> Staff:
    """To be shown. Raises `StaffNotFound`."""
    found = await session.get(Staff, staff_id)
    if found is None or found.association_id != association_id:
        raise StaffNotFound
    return found


async def find_staff(session: AsyncSession, staff_id: str) -> Staff | None:
    """Whoever asks, and without holding it."""
    return await session.get(Staff, staff_id)


async def hold_staff(session: AsyncSession, staff_id: str) -> Staff | None:
    """Whoever asks: for a session, which knows whose it is."""
    query = select(Staff).where(Staff.id == staff_id).with_for_update()
    return (await session.exec(query, execution_options={"populate_existing": True})).first()


async def list_staff(session: AsyncSession, *, association_id: str, after: str, limit: int) -> list[Staff]:
    """A page, in the order of their being added."""
    query = select(Staff).where(Staff.association_id == association_id, Staff.id > after)
    return list((await session.exec(query.order_by(Staff.id).limit(limit))).all())


async def staff_in_role(session: AsyncSession, *, association_id: str, role: Role) -> list[Staff]:
    """The first few who were ever given the role, for the first start."""
    query = (
        select(Staff)
        .join(Seat, col(Seat.person_id) == Staff.id)
        .where(Staff.association_id == association_id, Seat.role == role)
        .order_by(Staff.id)
        .limit(CLEARED_AT_ONCE)
    )
    return list((await session.exec(query)).all())


async def hold_tries(session: AsyncSession, account: str, *, now: datetime) -> SignInTries:
    """The counter of an account, held: who tries at the same time waits his turn."""
    connection = await session.connection()
    await connection.execute(
        insert_new(_table(SignInTries), sqlite=connection.dialect.name == "sqlite").values(
            account=account, failures=0, last_at=now
        )
    )
    query = select(SignInTries).where(SignInTries.account == account).with_for_update()
    return (await session.exec(query, execution_options={"populate_existing": True})).one()


async def seats_of(session: AsyncSession, person_id: str) -> list[Seat]:
    """What he was given, the newest first: a handful, and never more than are shown."""
    query = select(Seat).where(Seat.person_id == person_id).order_by(col(Seat.id).desc()).limit(MOST_SEATS)
    return list((await session.exec(query)).all())


async def hold_seat(session: AsyncSession, seat_id: str, *, association_id: str) -> Seat:
    """Raises `SeatNotFound`, also for another association's."""
    query = select(Seat).where(Seat.id == seat_id, Seat.association_id == association_id).with_for_update()
    found = (await session.exec(query, execution_options={"populate_existing": True})).first()
    if found is None:
        raise SeatNotFound
    return found


async def delegations_of(session: AsyncSession, seat_id: str) -> list[Delegation]:
    """To whom a seat was lent, the newest first: a handful."""
    query = (
        select(Delegation).where(Delegation.seat_id == seat_id).order_by(col(Delegation.id).desc()).limit(MOST_SEATS)
    )
    return list((await session.exec(query)).all())


async def get_delegation(session: AsyncSession, delegation_id: str, *, seat_id: str) -> Delegation:
    """Raises `SeatNotFound`."""
    found = await session.get(Delegation, delegation_id)
    if found is None or found.seat_id != seat_id:
        raise SeatNotFound
    return found


async def places_of(session: AsyncSession, person_id: str, *, now: datetime) -> list[Place]:
    """Where a person can sit now: his own seats, then those of others on leave."""
    mine = select(Seat).where(Seat.person_id == person_id, *in_force(Seat, now)).order_by(Seat.id)
    lent = (
        select(Delegation, Seat)
        .join(Seat, col(Seat.id) == Delegation.seat_id)
        .join(Staff, col(Staff.id) == Seat.person_id)
        .where(Delegation.to_person_id == person_id, col(Staff.deactivated_at).is_(None))
        .where(*in_force(Delegation, now), *in_force(Seat, now))
        .order_by(Delegation.id)
    )
    own = [Place(seat) for seat in (await session.exec(mine.limit(MOST_SEATS))).all()]
    others = [Place(seat, delegation) for delegation, seat in (await session.exec(lent.limit(MOST_SEATS))).all()]
    return [*own, *others]


def in_force(model: type[Seat] | type[Delegation], now: datetime) -> tuple[Any, ...]:
    until = col(model.valid_until)
    return col(model.valid_from) <= now, or_(until.is_(None), until > now)


async def find_session(session: AsyncSession, session_id: str) -> StaffSession | None:
    """The session that a secret names; from here on the transaction touches its association's rows alone."""
    found = await session.get(StaffSession, session_id)
    await keep_to(session, found.association_id if found else NOWHERE)
    return found


async def hold_session(session: AsyncSession, session_id: str) -> StaffSession | None:
    query = select(StaffSession).where(StaffSession.id == session_id).with_for_update()
    return (await session.exec(query, execution_options={"populate_existing": True})).first()


async def running_sessions_of(session: AsyncSession, person_id: str, *, now: datetime) -> list[StaffSession]:
    """Held, oldest first; there are never more than a few."""
    query = select(StaffSession).where(StaffSession.person_id == person_id, *_running(now)).order_by(StaffSession.id)
    return list((await session.exec(query.with_for_update())).all())


async def running_sessions_in(
    session: AsyncSession, *, now: datetime, seat_id: str, delegation_id: str | None = None
) -> list[StaffSession]:
    """Held: who sits in the seat, or in it by that delegation."""
    query = select(StaffSession).where(StaffSession.seat_id == seat_id, *_running(now)).order_by(StaffSession.id)
    if delegation_id is not None:
        query = query.where(StaffSession.delegation_id == delegation_id)
    return list((await session.exec(query.with_for_update())).all())


def _running(now: datetime) -> tuple[Any, ...]:
    return col(StaffSession.ended_at).is_(None), col(StaffSession.ends_at) > now


async def keep_spent(session: AsyncSession, spent: SpentSecret) -> None:
    connection = await session.connection()
    await connection.execute(
        insert_new(_table(SpentSecret), sqlite=connection.dialect.name == "sqlite").values(spent.model_dump())
    )


async def is_spent(session: AsyncSession, *, session_id: str, secret_hash: str) -> bool:
    spent = await session.get(SpentSecret, secret_hash)
    return spent is not None and spent.session_id == session_id


async def clear_old_sessions(session: AsyncSession, *, now: datetime) -> None:
    """Forget some sessions that ended long ago."""
    old = select(StaffSession.id).where(col(StaffSession.ends_at) < now - SESSIONS_KEPT)
    ids = list((await session.exec(old.order_by(col(StaffSession.ends_at)).limit(CLEARED_AT_ONCE))).all())
    if ids:
        connection = await session.connection()
        await connection.execute(delete(SpentSecret).where(col(SpentSecret.session_id).in_(ids)))
        await connection.execute(delete(StaffSession).where(col(StaffSession.id).in_(ids)))


async def recovery_codes_of(session: AsyncSession, person_id: str) -> list[RecoveryCode]:
    query = select(RecoveryCode).where(RecoveryCode.person_id == person_id).order_by(RecoveryCode.id)
    return list((await session.exec(query)).all())


async def drop_recovery_codes(session: AsyncSession, person_id: str) -> None:
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))


def _table(model: Any) -> Any:
    return model.__table__
