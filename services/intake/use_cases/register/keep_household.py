"""A household is written down: who lives in it, from when to when, and what it has, owes and lives in."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store as intake_store
from services.intake.domain.people import Beneficiary, check_national_id
from services.intake.domain.register import checked
from services.intake.domain.register.checked import Birthday
from services.intake.domain.register.household import (
    Figures,
    Household,
    HouseholdMember,
    HouseholdStatement,
    Kinship,
    Means,
    follow,
)
from services.intake.store import register as store
from services.intake.store.register import households as household_store
from services.intake.use_cases.register.own_key import give_key
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.seal import Erased, readable


class AddMember(BaseModel):
    """Put somebody into the household that a person heads."""

    model_config = ConfigDict(frozen=True)

    head_id: str
    kinship: Kinship
    name: str
    national_id: str | None = None
    birthday: Birthday | None = None
    note: str | None = None
    since: date | None = None
    by: Principal


class EndMembership(BaseModel):
    """Somebody does not live there any more: he married, moved out, or died."""

    model_config = ConfigDict(frozen=True)

    head_id: str
    member_id: str
    on: date
    reason: str
    by: Principal


class StateMeans(BaseModel):
    """What a household has today. `seen` is the number of the statement that the teller had before him."""

    model_config = ConfigDict(frozen=True)

    head_id: str
    means: Means
    seen: int
    by: Principal


@dataclass(frozen=True)
class Home:
    """A household that may be seen, or the branches to call about it."""

    household: Household | None
    head: Beneficiary | None = None
    members: list[HouseholdMember] | None = None
    seen_members: frozenset[str] = frozenset()
    statement: HouseholdStatement | None = None
    figures: Figures | None = None
    branches: tuple[str, ...] = ()


async def add_member(command: AddMember, *, session: AsyncSession, now: datetime) -> HouseholdMember:
    """Add him, by his own file where he has one.

    Raises `PersonNotFound`, `FileMerged`, `ActsForHimself`, `AlreadyInHousehold`, and what refuses the particulars.
    """
    head = await _head(command.head_id, by=command.by, session=session, now=now)
    today = riyadh_day(now)
    name = checked.name_of(command.name)
    born = checked.birthday_of(command.birthday, today=today) if command.birthday else None
    file = await _file_of(command, head=head, session=session)
    if file is not None and file.id == head.id:
        raise errors.ActsForHimself(field="national_id")
    if file is not None:
        give_key(file, now=now)
    await session.flush()
    household = Household(
        association_id=head.association_id, head_id=head.id, opened_by=command.by.person_id, opened_at=now
    )
    household = await household_store.open_household(session, household)
    since = command.since or today
    there = [one for one in await household_store.members_of(session, household.id) if one.lives_there(since)]
    if file is not None and any(one.person_id == file.id for one in there):
        raise errors.AlreadyInHousehold(field="national_id")
    member = HouseholdMember(
        association_id=head.association_id,
        household_id=household.id,
        subject_id=file.id if file is not None else head.id,
        person_id=file.id if file is not None else None,
        kinship=command.kinship,
        name=name,
        national_id=command.national_id,
        birthday=born.isoformat() if born else None,
        birthday_calendar=command.birthday.calendar if command.birthday else None,
        note=command.note,
        since=since,
        added_by=command.by.person_id,
        added_at=now,
    )
    session.add(member)
    await session.flush()
    return member


async def end_membership(command: EndMembership, *, session: AsyncSession, now: datetime) -> HouseholdMember:
    """End it. Raises `PersonNotFound`, `MemberNotFound` or `DaysOutOfOrder`."""
    head = await store.get_person(session, command.head_id, scope=command.by.scope)
    readable(head.name)
    give_key(head, now=now)
    member = await household_store.get_member(session, command.member_id)
    household = await household_store.headed_by(session, head.id)
    if household is None or member.household_id != household.id:
        raise errors.MemberNotFound
    member.end(on=command.on, reason=command.reason, by=command.by.person_id)
    return member


async def state_means(command: StateMeans, *, session: AsyncSession, now: datetime) -> Home:
    """Keep a new statement beside the older ones. Raises `PersonNotFound`, `FileMerged` or `ChangedMeanwhile`."""
    head = await _head(command.head_id, by=command.by, session=session, now=now)
    await session.flush()
    household = Household(
        association_id=head.association_id, head_id=head.id, opened_by=command.by.person_id, opened_at=now
    )
    household = await household_store.open_household(session, household)
    last = await household_store.statement_in_force(session, household.id)
    statement = HouseholdStatement(
        association_id=head.association_id,
        household_id=household.id,
        subject_id=head.id,
        number=follow(last, seen=command.seen),
        said=command.means.model_dump_json(),
        stated_by=command.by.person_id,
        stated_at=now,
    )
    session.add(statement)
    await session.flush()
    return await _home(household, head, scope=command.by.scope, session=session, now=now)


async def see_homes(person_id: str, *, scope: Scope, session: AsyncSession, now: datetime) -> list[Home]:
    """The household that he heads and those in which he is. Raises `PersonNotFound`.

    Of a household whose head is another branch's, that it exists and whom to call.
    """
    await store.see_person(session, person_id, scope=scope)
    homes = []
    for household in await household_store.households_with(session, person_id):
        if not await store.is_seen(session, household.head_id, scope=scope):
            branches = await store.branches(session, household.head_id, scope=scope)
            homes.append(Home(None, branches=tuple(branches)))
            continue
        head = await store.see_person(session, household.head_id, scope=scope)
        homes.append(await _home(household, head, scope=scope, session=session, now=now))
    return homes


async def statements_of(
    head_id: str, *, after: int, limit: int, scope: Scope, session: AsyncSession
) -> list[HouseholdStatement]:
    """A page of what was stated of the household that he heads; none where he heads none. Raises `PersonNotFound`."""
    await store.see_person(session, head_id, scope=scope)
    household = await household_store.headed_by(session, head_id)
    if household is None:
        return []
    return await household_store.list_statements(session, household.id, after=after, limit=limit)


async def _home(household: Household, head: Beneficiary, *, scope: Scope, session: AsyncSession, now: datetime) -> Home:
    members = await household_store.members_of(session, household.id)
    seen = [
        member.person_id
        for member in members
        if member.person_id is not None and await store.is_seen(session, member.person_id, scope=scope)
    ]
    statement = await household_store.statement_in_force(session, household.id)
    if statement is not None and isinstance(statement.said, Erased):
        # It lay under the key of its head, who was erased: whoever lived with him has his own file all the same.
        statement = None
    today = riyadh_day(now)
    heads = 1 + sum(member.lives_there(today) for member in members)
    figures = statement.means.figures(heads=heads) if statement is not None else None
    return Home(household, head, members, frozenset(seen), statement, figures)


async def _head(head_id: str, *, by: Principal, session: AsyncSession, now: datetime) -> Beneficiary:
    head = await store.get_file_to_write(session, head_id, scope=by.scope)
    readable(head.name)
    give_key(head, now=now)
    return head


async def _file_of(command: AddMember, *, head: Beneficiary, session: AsyncSession) -> Beneficiary | None:
    if command.national_id is None:
        return None
    try:
        check_national_id(command.national_id)
    except errors.NationalIdWrong:
        raise errors.NationalIdWrong(field="national_id") from None
    return await intake_store.find_beneficiary(
        session, association_id=head.association_id, national_id=command.national_id
    )
