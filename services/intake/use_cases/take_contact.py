"""Somebody reaches a branch by a channel; what was said is kept, and may become a request (`channel.*`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case, FormValue
from services.intake.domain.channels import LetterDetails, channel_of
from services.intake.domain.contacts import Arrival, ContactWords, FirstContact, arrival_of
from services.intake.domain.people import Applicant
from services.intake.domain.rights import OtherPerson
from services.intake.store import contacts as contact_store
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN
from services.intake.use_cases.draft_case import DraftCase, check_open, draft_case
from services.intake.use_cases.register.take_stated import Said
from services.intake.use_cases.register_letter import keep_letter, move_letter
from shared.language import errors
from shared.language.events import ContactConverted, Reception
from shared.language.steps import Step
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.vault import VAULT
from shared.policy.adopted import pack_of
from shared.policy.pack import Pack


class TakeContact(BaseModel):
    """Keep a first contact. The branch is the one named, or the scope's own, or the head office."""

    model_config = ConfigDict(frozen=True)

    said: ContactWords
    branch_id: str | None
    by: Principal


class ConvertContact(BaseModel):
    """Make a contact a request; what a request asks that is begun at the desk, this one asks too."""

    model_config = ConfigDict(frozen=True)

    contact_id: str
    service_id: str
    applicant: Applicant
    form: dict[str, FormValue]
    said: Said = Said.AT_DESK
    search: str | None = None
    search_first: bool = False
    despite: str | None = None
    one_open_request: bool = False
    """As a request that is begun at the desk has them (`DraftCase`)."""
    by: Principal


class RecordArrival(BaseModel):
    """Keep how a request came that began at the desk itself."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    said: ContactWords
    by: Principal


async def take_contact(command: TakeContact, *, session: AsyncSession, now: datetime) -> FirstContact:
    """Keep it, a letter in the register as well.

    Raises `ChannelNotAdopted`, `BranchUnknown`, `BranchIsClosed` or `Malformed`.
    """
    pack, details = pack_of(command.by.association_id), command.said.arrival
    check_channel(pack, command.said)
    details.check(now=now)
    branch_id = _branch(command, pack)
    await check_open(branch_id, association_id=pack.id, session=session)
    # Nobody knows yet who it is: the words lie under a key of this contact's own until it becomes a request.
    subject_id = VAULT.new_person(now=now)
    contact = FirstContact(
        association_id=pack.id,
        branch_id=branch_id,
        subject_id=subject_id,
        key_id=subject_id,
        channel=channel_of(details),
        words=command.said.model_dump_json(),
        call_back_at=details.call_back,
        taken_by=command.by.person_id,
        taken_at=now,
    )
    session.add(
        OtherPerson(subject_id=subject_id, association_id=pack.id, relation_id=contact.id, known_since=now),
    )
    if isinstance(details, LetterDetails):
        contact.letter_id = await keep_letter(
            details, branch_id=branch_id, subject_id=subject_id, by=command.by, session=session, now=now
        )
    session.add(contact)
    await outbox.tell(session, contact.take(), at=now)
    return contact


async def convert_contact(command: ConvertContact, *, session: AsyncSession, now: datetime) -> Case:
    """A request with all that was said at the contact. Raises `ContactIsRequest`, and as a request that is begun."""
    contact = await contact_store.get_contact(session, command.contact_id, scope=command.by.scope)
    said = contact.open_words()
    draft = DraftCase(
        channel=contact.channel,
        service_id=command.service_id,
        branch_id=contact.branch_id,
        applicant=command.applicant,
        form=command.form,
        said=command.said,
        search=command.search,
        search_first=command.search_first,
        despite=command.despite,
        one_open_request=command.one_open_request,
        scope=command.by.scope,
        by=command.by.person_id,
    )
    case = await draft_case(draft, session=session, now=now)
    await session.flush()
    arrival = _arrival(case, said, by=contact.taken_by, at=contact.taken_at)
    arrival.contact_id, arrival.letter_id = contact.id, contact.letter_id
    session.add(arrival)
    if contact.letter_id is not None:
        await move_letter(contact.letter_id, case=case, session=session)
    await contact_store.forget_other_person(session, contact.key_id)
    contact.become(case.id, subject_id=case.subject_id)
    converted = ContactConverted(**case.names(), contact_id=contact.id, channel=contact.channel)
    await outbox.tell(session, converted, at=now)
    return case


async def record_arrival(command: RecordArrival, *, session: AsyncSession, now: datetime) -> Arrival:
    """Keep it once. Raises `ArrivalRecorded`, `ArrivalOfAnotherChannel`, `Malformed`, or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    if case.status not in PAPERS_ARE_TAKEN_IN:
        raise errors.StepOutOfOrder(status=case.status, event=Step("arrival"))
    if await contact_store.find_arrival(session, case.id) is not None:
        raise errors.ArrivalRecorded
    details = command.said.arrival
    details.check(now=now)
    arrival = _arrival(case, command.said, by=command.by.person_id, at=now)
    if isinstance(details, LetterDetails):
        arrival.letter_id = await keep_letter(
            details, branch_id=case.branch_id, subject_id=case.subject_id, by=command.by, session=session, now=now
        )
        await move_letter(arrival.letter_id, case=case, session=session)
    session.add(arrival)
    return arrival


async def note_call(contact_id: str, *, by: Principal, session: AsyncSession, now: datetime) -> FirstContact:
    """He was called back. Raises `ContactNotFound` or `NobodyToCall`."""
    contact = await contact_store.get_contact(session, contact_id, scope=by.scope)
    contact.note_call(by=by.person_id, at=now)
    return contact


async def reception_of(case_id: str, *, session: AsyncSession) -> Reception | None:
    """How he was received, where his channel told it already: nobody types it twice (`step.reception`)."""
    arrival = await contact_store.find_arrival(session, case_id)
    talk = None if arrival is None else arrival.said.arrival.talk
    return None if talk is None else Reception(started_at=talk[0], ended_at=talk[1], questions_answered=0)


def check_channel(pack: Pack, said: ContactWords) -> None:
    """Raises `ChannelNotAdopted`."""
    channel = channel_of(said.arrival)
    if not pack.adopts(channel.clause):
        raise errors.ChannelNotAdopted(
            field="channel",
            clause=channel.clause,
            channel=channel,
            clause_id=channel.clause.value,
            adopted=pack.channels,
        )


def _arrival(case: Case, said: ContactWords, *, by: str, at: datetime) -> Arrival:
    return arrival_of(said, case_id=case.id, subject_id=case.subject_id, channel=case.channel, by=by, at=at)


def _branch(command: TakeContact, pack: Pack) -> str:
    branch_id = command.branch_id or command.by.scope.branch_id or pack.head_office.id
    if pack.branch(branch_id) is None:
        raise errors.BranchUnknown(field="branch_id", branch=branch_id)
    command.by.scope.check_branch(branch_id)
    return branch_id
