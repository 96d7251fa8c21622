"""Open cases that nobody keeps: given to none, or to somebody who sits no longer where they are.

Nothing is written when a seat ends, lapses, is lent back or an account closes: who keeps is asked for each time, and so
nothing can be missed. The keepers of a branch are read by skipping through an index, one step a keeper.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as select_plain
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.staff import Delegation, Place, Seat, Staff
from services.intake.domain.case import Case
from services.intake.domain.transfers import may_keep
from services.intake.store.accounts import in_force
from services.intake.store.desk import COUNTED
from shared.language.case_lifecycle import CaseStatus
from shared.plumbing.identity import Scope
from shared.policy.pack import Pack


async def unkept_cases(
    session: AsyncSession, *, scope: Scope, pack: Pack, now: datetime, after: str, limit: int
) -> list[Case]:
    """A page of them, the oldest first; of drafts the head office sees its own, which alone it may give to somebody."""
    ids = await _unkept(session, scope, pack, now=now, after=after, limit=limit)
    query = select(Case).where(Case.association_id == scope.association_id, col(Case.id).in_(ids))
    return list((await session.exec(query.order_by(Case.id))).all())


async def count_unkept(session: AsyncSession, *, scope: Scope, pack: Pack, now: datetime) -> int:
    """How many there are; `COUNTED + 1` says more than `COUNTED`."""
    return len(await _unkept(session, scope, pack, now=now, after="", limit=COUNTED + 1))


async def _unkept(
    session: AsyncSession, scope: Scope, pack: Pack, *, now: datetime, after: str, limit: int
) -> list[str]:
    """The first ids after `after`. Of each keeper who left they are read by themselves, in the order of one index."""
    here = [one.id for one in pack.branches] if scope.branch_id is None else [scope.branch_id]
    keepers = {branch: await _keepers(session, association_id=scope.association_id, branch=branch) for branch in here}
    places = await _places(session, {person for them in keepers.values() for person in them}, now=now)
    gone = [
        (branch, person)
        for branch, them in keepers.items()
        for person in them
        if not may_keep(places[person], branch=branch)
    ]
    nobody: list[tuple[str, str | None]] = [(branch, None) for branch in here]
    found: list[str] = []
    for branch, person in [*nobody, *gone]:
        query = select(Case.id).where(
            col(Case.association_id) == scope.association_id,
            col(Case.branch_id) == branch,
            col(Case.assigned_to).is_(None) if person is None else col(Case.assigned_to) == person,
            col(Case.ended_at).is_(None),
            Case.id > after,
        )
        if scope.branch_id is None and branch != pack.head_office.id:
            query = query.where(col(Case.status) != CaseStatus.DRAFT)
        found += (await session.exec(query.order_by(Case.id).limit(limit))).all()
    return sorted(found)[:limit]


async def _keepers(session: AsyncSession, *, association_id: str, branch: str) -> list[str]:
    """Who keeps an open case of the branch, whoever he is: each is the next after the one before."""
    open_here = (
        col(Case.association_id) == association_id,
        col(Case.branch_id) == branch,
        col(Case.ended_at).is_(None),
    )
    keeper = col(Case.assigned_to)
    found = select_plain(func.min(keeper).label("one")).where(*open_here).cte("keepers", recursive=True)
    following = select_plain(func.min(keeper)).where(*open_here, keeper > found.c.one).scalar_subquery()
    found = found.union_all(select_plain(following).where(found.c.one.is_not(None)))
    rows = await session.exec(select(found.c.one).where(found.c.one.is_not(None)))
    return [str(one) for one in rows.all()]


async def _places(session: AsyncSession, people: Collection[str], *, now: datetime) -> dict[str, list[Place]]:
    """Where each of them can sit now, as `places_of` says of one; nowhere for whoever has left."""
    active = col(Staff.deactivated_at).is_(None)
    own = (
        select(Seat)
        .join(Staff, col(Staff.id) == Seat.person_id)
        .where(col(Seat.person_id).in_(people), active, *in_force(Seat, now))
    )
    his = select(Staff.id).where(col(Staff.id).in_(people), active)
    lent = (
        select(Delegation, Seat)
        .join(Seat, col(Seat.id) == Delegation.seat_id)
        .join(Staff, col(Staff.id) == Seat.person_id)
        .where(col(Delegation.to_person_id).in_(his), active, *in_force(Delegation, now), *in_force(Seat, now))
    )
    places: dict[str, list[Place]] = defaultdict(list)
    for seat in (await session.exec(own)).all():
        places[seat.person_id].append(Place(seat))
    for delegation, seat in (await session.exec(lent)).all():
        places[delegation.to_person_id].append(Place(seat, delegation))
    return places
