"""The queries about households and about who may act for whom."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.register.household import Household, HouseholdMember, HouseholdStatement
from services.intake.domain.register.mandates import Mandate
from services.intake.store.people import insert_rows
from shared.language.errors import MandateNotFound, MemberNotFound

MEMBERS_AT_MOST = 200


async def headed_by(session: AsyncSession, person_id: str) -> Household | None:
    """The household that he heads."""
    return (await session.exec(select(Household).where(Household.head_id == person_id))).first()


async def open_household(session: AsyncSession, household: Household) -> Household:
    """His household, new or opened before, held: two who add to it do it one after the other."""
    await insert_rows(session, Household, [household.model_dump()])
    return (await session.exec(select(Household).where(Household.head_id == household.head_id).with_for_update())).one()


async def households_with(session: AsyncSession, person_id: str) -> list[Household]:
    """The one that he heads, and those in which he is or was."""
    own = (await session.exec(select(Household).where(Household.head_id == person_id))).all()
    among = select(HouseholdMember.household_id).where(HouseholdMember.person_id == person_id)
    others = (await session.exec(select(Household).where(col(Household.id).in_(among)).order_by(Household.id))).all()
    return [*own, *others]


async def members_of(session: AsyncSession, household_id: str) -> list[HouseholdMember]:
    """Who is and was in it, in the order in which they were added."""
    query = select(HouseholdMember).where(HouseholdMember.household_id == household_id)
    return list((await session.exec(query.order_by(HouseholdMember.id).limit(MEMBERS_AT_MOST))).all())


async def get_member(session: AsyncSession, member_id: str) -> HouseholdMember:
    """A member, held for change. Raises `MemberNotFound`."""
    query = select(HouseholdMember).where(HouseholdMember.id == member_id)
    if (found := (await session.exec(query.with_for_update())).first()) is None:
        raise MemberNotFound
    return found


async def statement_in_force(session: AsyncSession, household_id: str) -> HouseholdStatement | None:
    query = select(HouseholdStatement).where(HouseholdStatement.household_id == household_id)
    return (await session.exec(query.order_by(col(HouseholdStatement.number).desc()).limit(1))).first()


async def list_statements(
    session: AsyncSession, household_id: str, *, after: int, limit: int
) -> list[HouseholdStatement]:
    """A page of what was stated, oldest first."""
    query = select(HouseholdStatement).where(
        HouseholdStatement.household_id == household_id, HouseholdStatement.number > after
    )
    return list((await session.exec(query.order_by(col(HouseholdStatement.number)).limit(limit))).all())


async def mandates_of(session: AsyncSession, person_id: str, *, after: str, limit: int) -> list[Mandate]:
    """A page of who acts or acted for him."""
    query = select(Mandate).where(Mandate.subject_id == person_id, Mandate.id > after)
    return list((await session.exec(query.order_by(Mandate.id).limit(limit))).all())


async def mandates_between(session: AsyncSession, *, person_id: str, agent_id: str) -> list[Mandate]:
    query = select(Mandate).where(Mandate.subject_id == person_id, Mandate.agent_id == agent_id)
    return list((await session.exec(query.order_by(Mandate.id))).all())


async def get_mandate(session: AsyncSession, mandate_id: str) -> Mandate:
    """A mandate, held for change. Raises `MandateNotFound`."""
    query = select(Mandate).where(Mandate.id == mandate_id)
    if (found := (await session.exec(query.with_for_update())).first()) is None:
        raise MandateNotFound
    return found
