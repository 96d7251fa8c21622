"""Who sits where: the colleagues to whom a case can be given."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_
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
