"""Which roles a person holds on some days: in seats of his own, and in those lent to him."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.staff import Delegation, Seat
from services.intake.store.accounts import MOST_SEATS
from shared.language.roles import Role


async def roles_held(session: AsyncSession, person_id: str, *, begins: datetime, ends: datetime | None) -> list[Role]:
    """The roles held at any time from `begins` until `ends`. A seat of one whose account is closed may come back."""
    own = select(Seat.role).where(Seat.person_id == person_id, *_meet(Seat, begins, ends))
    lent = (
        select(Seat.role)
        .join(Delegation, col(Delegation.seat_id) == Seat.id)
        .where(Delegation.to_person_id == person_id, *_meet(Delegation, begins, ends), *_meet(Seat, begins, ends))
    )
    found = [Role(role) for query in (own, lent) for role in await session.exec(query.distinct().limit(MOST_SEATS))]
    return sorted(set(found))


def _meet(model: type[Seat] | type[Delegation], begins: datetime, ends: datetime | None) -> tuple[Any, ...]:
    """That the row's days and these have a moment in common; one that ended before it began has none."""
    since, until = col(model.valid_from), col(model.valid_until)
    meets = (or_(until.is_(None), until > begins), or_(until.is_(None), until > since))
    return meets if ends is None else (*meets, since < ends)
