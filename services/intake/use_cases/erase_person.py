"""A person is erased: it is told to all services, and his key is destroyed (law art. 18).

What leads to the destroying is the event, which survives whatever stops this process: in one commit with what the
request says, and taken in by intake itself until the key is gone.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.base import IntakeTable
from services.intake.domain.people import Beneficiary
from services.intake.domain.retention import check_may_be_erased
from services.intake.domain.rights import RightsRequest
from services.intake.store import rights as rights_store
from services.intake.store.contacts import contacts_of
from services.intake.store.people import forget_search_keys, keep_search_keys
from services.intake.store.proposals import leave_alone
from services.intake.store.register import files_of_person, particulars_of
from services.intake.store.transfers import end_transfers
from shared.language.events import PersonErased, Right
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.personal import scrub
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.scoped_session import set_scope
from shared.plumbing.seal import ERASED
from shared.plumbing.vault import VAULT
from shared.policy.adopted import pack_of


class ErasePerson(BaseModel):
    """Fulfil a request for erasure."""

    model_config = ConfigDict(frozen=True)

    request_id: str
    by: Principal


async def erase_person(command: ErasePerson, *, session: AsyncSession, now: datetime) -> RightsRequest:
    """Erase. Raises `CaseStillOpen`, `RetentionRuns`, `IdentityUnproven` and what else the request refuses."""
    request = await rights_store.get_request(session, command.request_id, scope=command.by.scope)
    # Held for change: no new case of his can begin in between.
    person = await rights_store.find_person(session, str(request.subject_id), scope=command.by.scope)
    # He is erased whole: with every file that was found to be his.
    files = await files_of_person(session, person) if isinstance(person, Beneficiary) else []
    ids = [file.id for file in files] or [str(request.subject_id)]
    seen = {case.id for one in ids for case in await rights_store.cases_of(session, one)}
    # A confidential case holds him as well, also against an administrator who may not see it.
    await set_scope(session, EVERYTHING)
    cases = [case for one in ids for case in await rights_store.cases_of(session, one)]
    answered = request.fulfil(Right.ERASURE, answer=None, by=command.by.person_id, at=now)
    check_may_be_erased(cases, retention=pack_of(request.association_id).retention, at=now, seen=seen)
    for file in files:
        file.forget()
        await keep_search_keys(session, file, keys=())
        if (own := await particulars_of(session, file.id)) is not None:
            own.forget()
    await outbox.tell(session, answered, at=now)
    # What else he asked cannot be answered any more, nor its answer read.
    for one in ids:
        for other in await rights_store.open_requests_of(session, one):
            await outbox.tell(session, other.refuse(answer=ERASED, by=command.by.person_id, at=now), at=now)
    for one in ids:
        his = tuple(case.id for case in cases if case.beneficiary_id == one)
        erased = PersonErased(association_id=request.association_id, subject_id=one, case_ids=his)
        await outbox.tell(session, erased, at=now)
    return request


async def forget_person(event: PersonErased, *, session: AsyncSession, now: datetime) -> None:
    """Take out what intake's tables say of him, and destroy his key. Raises `PartDown` while the vault is away.

    The key goes before this transaction commits: if it does not, all of it is done again, and harms nothing.
    """
    for question in await rights_store.open_questions_of(session, event.subject_id):
        question.end_with_its_applicant(at=now)
    for term in await rights_store.open_terms_of(session, event.subject_id):
        term.close(through=None, at=now)
    contacts = await contacts_of(session, event.subject_id)
    for contact in contacts:
        contact.forget_call()
    # The rows first: what follows is written past them.
    await session.flush()
    await scrub(session, IntakeTable.metadata, subject=event.subject_id, case_ids=event.case_ids)
    for request in await rights_store.erasures_of(session, event.subject_id):
        request.erased_at = now
    await forget_search_keys(session, event.subject_id)
    await rights_store.forget_digests(session, event.subject_id)
    await leave_alone(session, event.subject_id, at=now)
    await end_transfers(session, event.subject_id, at=now)
    await session.flush()
    for contact in contacts:
        # Their words lay under keys of their own before they were under his.
        VAULT.destroy(contact.key_id, now=now)
    VAULT.destroy(event.subject_id, now=now)
