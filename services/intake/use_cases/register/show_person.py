"""A person's file: masked for whoever may see it, in clear with a reason, and its particulars changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Beneficiary
from services.intake.domain.register.duplicates import ProposedDuplicate
from services.intake.domain.register.particulars import PersonParticulars, Registration
from services.intake.store import register as store
from services.intake.store.register import duplicates as duplicate_store
from services.intake.use_cases.register.find_duplicates import propose_duplicates
from services.intake.use_cases.register.own_key import give_key
from services.intake.use_cases.register.register_person import Particulars
from shared.language.events import PersonShown
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.personal import note_reveal
from shared.plumbing.seal import readable, seal


class Clear(StrEnum):
    """What of a file may be shown in clear."""

    NATIONAL_ID = "national_id"
    MOBILE = "mobile"
    EMAIL = "email"
    IBAN = "iban"
    SHORT_ADDRESS = "short_address"
    BIRTHDAY = "birthday"
    MARITAL_STATUS = "marital_status"


OF_THE_PERSON = frozenset({Clear.NATIONAL_ID, Clear.MOBILE, Clear.EMAIL})


class RevealPerson(BaseModel):
    """Show some of a file in clear."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    fields: tuple[Clear, ...]
    reason: str
    by: Principal


class ChangeParticulars(BaseModel):
    """What he says today. `seen` is the version that the teller had before him."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    particulars: Particulars
    seen: int
    by: Principal


@dataclass(frozen=True)
class PersonFile:
    """A file with what stands beside it."""

    person: Beneficiary
    particulars: PersonParticulars | None
    branches: list[str]
    merged: list[Beneficiary]
    duplicates: list[ProposedDuplicate]


async def see_file(person_id: str, *, scope: Scope, session: AsyncSession) -> PersonFile:
    """The file with those that lead to it. Raises `PersonNotFound`."""
    person = await store.see_person(session, person_id, scope=scope)
    others = [file for file in await store.files_of_person(session, person) if file.id != person.id]
    return PersonFile(
        person,
        await store.particulars_of(session, person.id),
        await store.branches(session, person.id, scope=scope),
        others,
        await duplicate_store.shown_to(session, await duplicate_store.proposals_of(session, [person.id]), scope=scope),
    )


async def reveal_person(command: RevealPerson, *, session: AsyncSession, now: datetime) -> dict[Clear, str | None]:
    """In clear, once it is written who asked and why. Raises `PersonNotFound` or `PersonErased`."""
    person = await store.get_person(session, command.person_id, scope=command.by.scope)
    readable(person.name)
    own = await store.particulars_of(session, person.id)
    told = PersonShown(
        association_id=person.association_id,
        subject_id=person.key_id,
        fields=tuple(sorted(field.value for field in command.fields)),
        reason=seal(command.reason, subject=person.subject_id),
    )
    await note_reveal(session, told, reason=command.reason, at=now)
    values: dict[Clear, str | None] = {}
    for field in command.fields:
        holder = person if field in OF_THE_PERSON else own
        value = getattr(holder, field.value) if holder is not None else None
        values[field] = None if value is None else readable(value)
    return values


async def change_particulars(command: ChangeParticulars, *, session: AsyncSession, now: datetime) -> PersonFile:
    """Take what he says today. Raises `PersonNotFound`, `FileMerged`, `ChangedMeanwhile`, and what refuses it."""
    person = await store.get_file_to_write(session, command.person_id, scope=command.by.scope)
    readable(person.name)
    give_key(person, now=now)
    await session.flush()
    by = command.by.person_id
    own = await store.hold_particulars(session, person.id)
    if own is None:
        own = PersonParticulars(
            subject_id=person.id, association_id=person.association_id, changed_by=by, changed_at=now
        )
        session.add(own)
    own.change(command.particulars.checked(today=now), seen=command.seen, by=by, at=now)
    await session.flush()
    await propose_duplicates(person, by=by, session=session, now=now)
    return await see_file(person.id, scope=command.by.scope, session=session)


async def list_registrations(
    person_id: str, *, after: str, limit: int, scope: Scope, session: AsyncSession
) -> list[Registration]:
    """A page of what was typed when he was registered. Raises `PersonNotFound`."""
    await store.see_person(session, person_id, scope=scope)
    return await store.list_registrations(session, person_id, after=after, limit=limit)


async def see_registered(person: Beneficiary, *, session: AsyncSession) -> PersonParticulars | None:
    """What stands beside his name and numbers: of somebody whose file was opened or seen just now."""
    return await store.particulars_of(session, person.id)
