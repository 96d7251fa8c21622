"""Who may act for whom is noted, ended, and asked."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store as intake_store
from services.intake.domain.register.mandates import Capacity, Deed, Mandate
from services.intake.store import register as store
from services.intake.store.register import households as household_store
from services.intake.use_cases.register.own_key import give_key
from shared.language import errors
from shared.language.calendar import riyadh_day
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.seal import readable


class NoteMandate(BaseModel):
    """One person acts for another, who is named by his national id."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    agent_national_id: str
    capacity: Capacity
    deeds: tuple[Deed, ...]
    paper: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    by: Principal


class EndMandate(BaseModel):
    """It holds no longer than this day."""

    model_config = ConfigDict(frozen=True)

    mandate_id: str
    on: date
    reason: str
    by: Principal


async def note_mandate(command: NoteMandate, *, session: AsyncSession, now: datetime) -> Mandate:
    """Note it; both have files. Raises `PersonNotFound`, `FileMerged`, `ActsForHimself` or `DaysOutOfOrder`."""
    person = await store.get_file_to_write(session, command.person_id, scope=command.by.scope)
    readable(person.name)
    agent = await intake_store.find_beneficiary(
        session, association_id=person.association_id, national_id=command.agent_national_id
    )
    if agent is None:
        raise errors.PersonNotFound(field="agent_national_id")
    give_key(person, now=now)
    mandate = Mandate(
        association_id=person.association_id,
        subject_id=person.id,
        agent_id=agent.id,
        capacity=command.capacity,
        deeds=sorted({deed.value for deed in command.deeds}),
        paper=command.paper,
        valid_from=command.valid_from or riyadh_day(now),
        valid_until=command.valid_until,
        noted_by=command.by.person_id,
        noted_at=now,
    )
    mandate.check()
    await session.flush()
    session.add(mandate)
    await session.flush()
    return mandate


async def end_mandate(command: EndMandate, *, session: AsyncSession, now: datetime) -> Mandate:  # noqa: ARG001
    """End it. Raises `MandateNotFound`, also where he may not see for whom it is, or `DaysOutOfOrder`."""
    mandate = await household_store.get_mandate(session, command.mandate_id)
    if not await store.is_seen(session, mandate.subject_id, scope=command.by.scope):
        raise errors.MandateNotFound
    mandate.end(on=command.on, reason=command.reason, by=command.by.person_id)
    return mandate


async def list_mandates(
    person_id: str, *, after: str, limit: int, scope: Scope, session: AsyncSession
) -> list[Mandate]:
    """A page of who acts or acted for him. Raises `PersonNotFound`."""
    await store.see_person(session, person_id, scope=scope)
    return await household_store.mandates_of(session, person_id, after=after, limit=limit)


async def may_act_for(person_id: str, *, agent_id: str, deed: Deed, on: date, session: AsyncSession) -> bool:
    """Whether `agent_id` may do this for the person on that day: for whoever takes an attestation or hands over."""
    mandates = await household_store.mandates_between(session, person_id=person_id, agent_id=agent_id)
    return any(mandate.holds(deed, on=on) for mandate in mandates)
