"""What somebody typed otherwise than the file says is right after all: it is taken into the file."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Beneficiary, Correction
from services.intake.domain.register.checked import mobile_of, name_of
from services.intake.domain.register.particulars import PersonParticulars, Registration
from services.intake.domain.search import keys_of
from services.intake.store import register as store
from services.intake.store.people import keep_search_keys
from services.intake.use_cases.register.register_person import Particulars
from services.intake.use_cases.register.show_person import PersonFile, see_file
from services.intake.use_cases.register.tell_corrected import tell_corrected
from shared.language.errors import ChangedMeanwhile, Refusal
from shared.plumbing.audit import record
from shared.plumbing.identity import Principal
from shared.plumbing.seal import Erased, readable

OF_PERSON: dict[str, Callable[[str], str]] = {"name": name_of, "mobile": mobile_of, "email": str}
"""What stands at the person himself, each in the form that is kept."""


class TakeTyped(BaseModel):
    """Take these fields of a registration into the file."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    registration_id: str
    fields: tuple[str, ...]
    reason: str
    by: Principal


class LeaveTyped(TakeTyped):
    """The file is right: leave these fields of a registration as they were typed, and the file as it is."""


async def take_typed(command: TakeTyped, *, session: AsyncSession, now: datetime) -> PersonFile:
    """Raises `PersonNotFound`, `FileMerged`, `RegistrationNotFound`, or `ChangedMeanwhile` for what does not differ."""
    person, row = await _differing(command, session=session)
    await record(session, act="take_typed", reason=command.reason, person_id=person.id)
    typed = json.loads(readable(row.typed))
    await _into_person(person, typed, fields=set(command.fields), session=session, now=now)
    await _into_particulars(person, typed, command=command, session=session, now=now)
    row.differs = sorted(set(row.differs) - set(command.fields))
    await session.flush()
    return await see_file(person.id, scope=command.by.scope, session=session)


async def leave_typed(command: LeaveTyped, *, session: AsyncSession) -> None:
    """They differ no longer; what was typed stays kept. Raises as `take_typed`."""
    person, row = await _differing(command, session=session)
    await record(session, act="leave_typed", reason=command.reason, person_id=person.id)
    row.differs = sorted(set(row.differs) - set(command.fields))


def typed_otherwise(
    row: Registration, *, person: Beneficiary, own: PersonParticulars | None, now: datetime
) -> dict[str, str]:
    """What was typed of each field that the file says otherwise to this day; nothing of whoever is erased."""
    if not row.differs or isinstance(row.typed, Erased):
        return {}
    typed = json.loads(row.typed)
    said = {field: _in_its_form(keep, typed[field]) for field, keep in OF_PERSON.items() if typed.get(field)}
    known = {field: getattr(person, field) for field in said}
    more = _particulars_in(typed, now=now)
    known |= {field: getattr(own, field, None) for field in more}
    said |= more
    return {field: said[field] for field in row.differs if field in said and said[field] != known[field]}


def _in_its_form(keep: Callable[[str], str], typed: str) -> str:
    """What no rule lets in today is shown as it was typed, and refused when it is taken over."""
    try:
        return keep(typed)
    except Refusal:
        return typed


def _particulars_in(typed: dict[str, Any], *, now: datetime) -> dict[str, str]:
    try:
        return Particulars.model_validate(typed.get("particulars") or {}).checked(today=now)
    except (Refusal, ValidationError):
        return {}


async def _differing(command: TakeTyped, *, session: AsyncSession) -> tuple[Beneficiary, Registration]:
    person = await store.get_file_to_write(session, command.person_id, scope=command.by.scope)
    readable(person.name)
    row = await store.get_registration(session, command.registration_id, person_id=person.id)
    if not set(command.fields) <= set(row.differs):
        raise ChangedMeanwhile(field="fields")
    return person, row


async def _into_person(
    person: Beneficiary, typed: dict[str, str], *, fields: set[str], session: AsyncSession, now: datetime
) -> None:
    said = {field: OF_PERSON[field](typed[field]) for field in sorted(fields & set(OF_PERSON))}
    if not said:
        return
    # Past `Correction`'s own form of a mobile, which is a Saudi one: checked above, as when it was typed.
    person.correct(Correction.model_construct(None, **said))
    await session.flush()
    await keep_search_keys(session, person, keys=keys_of(person))
    await tell_corrected(person, session=session, now=now)


async def _into_particulars(
    person: Beneficiary, typed: dict[str, dict[str, str]], *, command: TakeTyped, session: AsyncSession, now: datetime
) -> None:
    said = Particulars.model_validate(typed.get("particulars", {})).checked(today=now)
    values = {field: value for field, value in said.items() if field in command.fields}
    own = await store.hold_particulars(session, person.id)
    if values and own is not None:
        own.change(values, seen=own.version, by=command.by.person_id, at=now)
