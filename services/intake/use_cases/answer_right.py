"""A request about personal data is proven, extended or answered; access and correction are done here."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.people import Beneficiary, Correction
from services.intake.domain.rights import Proof, RightsRequest
from services.intake.domain.search import keys_of
from services.intake.store import rights as rights_store
from services.intake.store.people import keep_search_keys
from services.intake.use_cases.ask_for_right import remind
from services.intake.use_cases.register.tell_corrected import tell_corrected
from shared.language.errors import PersonErased, PersonNotFound
from shared.language.events import Right
from shared.plumbing import outbox
from shared.plumbing.identity import Principal


class AboutRight(BaseModel):
    """Which request, and who acts."""

    model_config = ConfigDict(frozen=True)

    request_id: str
    by: Principal


class ProveIdentity(AboutRight):
    """Note by what it is known who asks."""

    proof: Proof


class ExtendRight(AboutRight):
    """Take thirty days more."""

    reason: str


class AnswerRight(AboutRight):
    """Say that it was done, or why not."""

    fulfilled: bool
    answer: str


class CorrectPerson(AboutRight):
    """Put his particulars right."""

    correction: Correction
    answer: str | None = None


async def prove_identity(command: ProveIdentity, *, session: AsyncSession, now: datetime) -> RightsRequest:  # noqa: ARG001
    """Note it. Raises `RightsRequestNotFound` or `RightsRequestAnswered`."""
    request = await rights_store.get_request(session, command.request_id, scope=command.by.scope)
    request.prove(command.proof)
    return request


async def extend_right(command: ExtendRight, *, session: AsyncSession, now: datetime) -> RightsRequest:
    """Extend it. Raises `AlreadyExtended`, `ExtendedTooLate`, `RightsRequestAnswered` or `RightsRequestNotFound`."""
    request = await rights_store.get_request(session, command.request_id, scope=command.by.scope)
    await outbox.tell(session, request.extend(reason=command.reason, at=now), at=now)
    await remind(request, session=session, now=now)
    return request


async def answer_right(command: AnswerRight, *, session: AsyncSession, now: datetime) -> RightsRequest:
    """Answer it: yes to access alone, which is what the export is for; no to any, with the reason.

    Raises `IdentityUnproven`, `RightsRequestOfAnotherKind`, `RightsRequestAnswered` or `RightsRequestNotFound`.
    """
    request = await rights_store.get_request(session, command.request_id, scope=command.by.scope)
    who = command.by.person_id
    if command.fulfilled:
        answered = request.fulfil(Right.ACCESS, answer=command.answer, by=who, at=now)
    else:
        answered = request.refuse(answer=command.answer, by=who, at=now)
    await outbox.tell(session, answered, at=now)
    return request


async def correct_person(command: CorrectPerson, *, session: AsyncSession, now: datetime) -> RightsRequest:
    """Correct him, here and for whoever writes to him. Raises `PersonNotFound` and as `answer_right`."""
    request = await rights_store.get_request(session, command.request_id, scope=command.by.scope)
    person = await rights_store.find_person(session, str(request.subject_id), scope=command.by.scope)
    if not isinstance(person, Beneficiary):
        raise PersonNotFound
    if person.is_forgotten:
        raise PersonErased
    answered = request.fulfil(Right.CORRECTION, answer=command.answer, by=command.by.person_id, at=now)
    person.correct(command.correction)
    await keep_search_keys(session, person, keys=keys_of(person))
    await tell_corrected(person, session=session, now=now)
    await outbox.tell(session, answered, at=now)
    return request
