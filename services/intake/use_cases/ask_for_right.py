"""A person asks about his own data, and the thirty days run (regulation art. 3)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.people import Beneficiary
from services.intake.domain.rights import (
    REMINDED_BEFORE,
    TIME_TO_ANSWER,
    Asker,
    Manner,
    OtherPerson,
    Proof,
    RightsRequest,
)
from services.intake.store import rights as rights_store
from services.intake.timers import RightsNearlyDue
from shared.language.errors import PersonErased, PersonNotFound
from shared.language.events import Right
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.timers import set_timer
from shared.plumbing.vault import VAULT


class AskForRight(BaseModel):
    """Take a request down. The person is named by the id of his file, or his national id."""

    model_config = ConfigDict(frozen=True)

    subject_id: str | None
    national_id: str | None
    right: Right
    asker: Asker
    guardian: str | None
    manner: Manner
    proof: Proof
    words: str | None
    by: Principal


async def ask_for_right(command: AskForRight, *, session: AsyncSession, now: datetime) -> RightsRequest:
    """Take it down. Raises `PersonNotFound`, or `PersonErased` for whom nothing is held any more."""
    subject_id = await _subject(command, session=session, now=now)
    request = RightsRequest(
        association_id=command.by.association_id,
        subject_id=subject_id,
        right=command.right,
        asker=command.asker,
        guardian=command.guardian,
        manner=command.manner,
        proof=command.proof,
        words=command.words,
        taken_by=command.by.person_id,
        asked_at=now,
        due_at=now + TIME_TO_ANSWER,
    )
    session.add(request)
    await outbox.tell(session, request.ask(), at=now)
    await remind(request, session=session, now=now)
    return request


async def remind(request: RightsRequest, *, session: AsyncSession, now: datetime) -> None:
    """Have it said some days before the time is over."""
    timer = RightsNearlyDue(request_id=request.id, due_at=request.due_at)
    await set_timer(session, timer, due_at=request.due_at - REMINDED_BEFORE, now=now)


async def tell_nearly_due(timer: RightsNearlyDue, *, session: AsyncSession, now: datetime) -> None:
    """Say that the time is nearly over, if it still is."""
    request = await rights_store.find_request(session, timer.request_id)
    due = request.remind(of=timer.due_at, at=now) if request else None
    if due is not None:
        await outbox.tell(session, due, at=now)


async def _subject(command: AskForRight, *, session: AsyncSession, now: datetime) -> str:
    person: Beneficiary | OtherPerson | None
    if command.subject_id is not None:
        person = await rights_store.find_person(session, command.subject_id, scope=command.by.scope)
    else:
        person = await store.find_beneficiary(
            session, association_id=command.by.association_id, national_id=command.national_id or ""
        )
    if person is None:
        raise PersonNotFound
    if isinstance(person, Beneficiary) and person.is_forgotten:
        # His erasure is on its way.
        raise PersonErased
    if isinstance(person, Beneficiary) and person.subject_id is None:
        # A file from before persons had keys gets its own: what is asked about it has to lie somewhere.
        VAULT.make(person.key_id, now=now)
        person.take_key()
    subject_id = person.key_id if isinstance(person, Beneficiary) else person.subject_id
    if VAULT.is_destroyed(subject_id):
        raise PersonErased
    return subject_id
