"""Staff in their seats, and a branch that closed, written as rows."""

from datetime import timedelta

from sqlmodel import select

from services.intake.domain.accounts.staff import Delegation, Seat, Staff
from services.intake.domain.transfers import BranchClosing
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION, NOON, Desk


async def seat(
    desk: Desk,
    *people: str,
    role: Role = Role.DELEGATE,
    branch: str | None = "hada_sham",
    association: str = ASSOCIATION,
) -> None:
    """Each of `people` holds this one seat, since long ago."""
    async with desk.runtime.database.write(scope=EVERYTHING) as session:
        for person in people:
            staff = {"user_name": person, "user_name_folded": person, "name": "موظف", "added_at": NOON, "added_by": "a"}
            session.add(Staff(id=person, association_id=association, **staff))
            await session.flush()
            given = {"role": role, "branch_id": branch, "valid_from": NOON, "given_by": "a"}
            session.add(Seat(association_id=association, person_id=person, **given))


async def end_seats(desk: Desk, person: str) -> None:
    """He is given nothing in their place."""
    async with desk.runtime.database.write(scope=EVERYTHING) as session:
        for held in (await session.exec(select(Seat).where(Seat.person_id == person))).all():
            held.end(by="a", at=desk.clock.now())


async def lend(desk: Desk, *, to: str, of: str, days: int) -> None:
    """For so many days somebody sits in another's seat."""
    async with desk.runtime.database.write(scope=EVERYTHING) as session:
        held = (await session.exec(select(Seat).where(Seat.person_id == of))).one()
        now = desk.clock.now()
        given = {"valid_from": now, "valid_until": now + timedelta(days=days), "given_by": "a"}
        session.add(Delegation(association_id=held.association_id, seat_id=held.id, to_person_id=to, **given))


async def leave(desk: Desk, person: str) -> None:
    """His account is closed; his seats stay as they are."""
    async with desk.runtime.database.write(scope=EVERYTHING) as session:
        staff = (await session.exec(select(Staff).where(Staff.id == person))).one()
        staff.deactivated_at, staff.deactivated_by = desk.clock.now(), "a"


async def closed_long_ago(desk: Desk, *, association: str = ASSOCIATION) -> str:
    """A branch that the policy names no more; its files are at the head office. The number of its closing."""
    async with desk.runtime.database.write(scope=EVERYTHING) as session:
        facts = {"reason": "دُمج الفرعان", "asked_by": "a", "asked_at": NOON, "total": 0, "done_at": NOON}
        to_branch = pack_of(association).head_office.id
        closing = BranchClosing(association_id=association, branch="old_branch", to_branch=to_branch, **facts)
        session.add(closing)
        return closing.id
