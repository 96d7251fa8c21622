"""Who sits where: the colleagues to whom a case can be given, and who still sits at a branch that closed."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.staff import Seat, Staff
from shared.language.roles import Role


async def staff_at(
    session: AsyncSession,
    *,
    association_id: str,
    branch_id: str | None,
    roles: Collection[Role],
    now: datetime,
    limit: int,
) -> list[Staff]:
    """Who holds one of these seats now, in a branch or in all of them; an association has some hundreds of seats."""
    there = select(Seat.person_id).where(
        Seat.association_id == association_id,
        col(Seat.role).in_(roles),
        col(Seat.valid_from) <= now,
        or_(col(Seat.valid_until).is_(None), col(Seat.valid_until) > now),
    )
    if branch_id is not None:
        there = there.where(Seat.branch_id == branch_id)
    query = select(Staff).where(
        Staff.association_id == association_id, col(Staff.id).in_(there), col(Staff.deactivated_at).is_(None)
    )
    return list((await session.exec(query.order_by(Staff.id).limit(limit))).all())


async def seats_left_at(
    session: AsyncSession, *, association_id: str, branch: str, now: datetime, limit: int
) -> list[tuple[Seat, Staff]]:
    """The seats at a branch that are not over, with who holds them: also later ones, and of a closed account."""
    query = (
        select(Seat, Staff)
        .join(Staff, col(Staff.id) == Seat.person_id)
        .where(Seat.association_id == association_id, Seat.branch_id == branch, _goes_on(now))
    )
    return list((await session.exec(query.order_by(Seat.id).limit(limit))).all())


async def count_seats_left(session: AsyncSession, *, association_id: str, now: datetime) -> dict[str, int]:
    """How many seats each branch has that are not over."""
    query = (
        select(Seat.branch_id, func.count())
        .where(Seat.association_id == association_id, col(Seat.branch_id).is_not(None), _goes_on(now))
        .group_by(col(Seat.branch_id))
    )
    return {str(branch): count for branch, count in (await session.exec(query)).all()}


def _goes_on(now: datetime) -> ColumnElement[bool]:
    return or_(col(Seat.valid_until).is_(None), col(Seat.valid_until) > now)
