"""A request that a delegate took at a door, perhaps without a network: all of it in one piece (`channel.delegate`).

The person could not be looked for there. So it is done here, by his number: who has a file keeps it, and where it says
otherwise than the delegate wrote, neither value wins by coming last.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case, FormValue
from services.intake.domain.channels import DelegateDetails
from services.intake.domain.contacts import ContactWords
from services.intake.domain.differences import Difference, Settled, differences, settle
from services.intake.domain.documents import Document
from services.intake.domain.people import Applicant, Beneficiary, check_national_id
from services.intake.store.register import hold_number, root_of
from services.intake.use_cases.add_document import AddDocument, add_document
from services.intake.use_cases.complete_case import GivenPaper
from services.intake.use_cases.draft_case import DraftCase, draft_case
from services.intake.use_cases.find_people import known_to
from services.intake.use_cases.receive_case import ReceiveCase, receive_case
from services.intake.use_cases.register.take_stated import Said
from services.intake.use_cases.take_contact import RecordArrival, record_arrival
from shared.language.clauses import Channel
from shared.language.errors import Refusal
from shared.language.events import Reception
from shared.plumbing.audit import record
from shared.plumbing.identity import Principal, Scope
from shared.plumbing.seal import RING

NOT_SEARCHED = "not searched, offline"
"""In the trail: why a file was opened without the proof of a search."""


class TakeVisit(BaseModel):
    """Hand in what was written on a visit."""

    model_config = ConfigDict(frozen=True)

    service_id: str
    applicant: Applicant
    form: dict[str, FormValue]
    papers: tuple[GivenPaper, ...]
    details: DelegateDetails
    reception: Reception | None
    settled: Mapping[str, Settled]
    despite: str | None
    one_open_request: bool
    by: Principal


async def take_visit(command: TakeVisit, *, session: AsyncSession, now: datetime) -> tuple[Case, Sequence[Document]]:
    """Begin it, with its papers, and hand it in; its pictures follow, and the papers are checked when they are there.

    Raises `ValuesDiffer`; and as a request that is begun, a paper that is recorded, and a request that is handed in.
    """
    check_national_id(command.applicant.national_id)
    scope = command.by.scope
    # Before it is asked whether he has a file: who comes at the same moment is told what the first one wrote.
    index = RING.index(command.applicant.national_id)
    await hold_number(session, association_id=scope.association_id, index=index)
    known = await _known(command.applicant, scope=scope, session=session)
    # Where another branch has his file, nobody here sees what it says: it stays as it is.
    seen = known is not None and await known_to(known.id, scope=scope, session=session) is not None
    applicant = settle(known, command.applicant, command.settled) if known is not None and seen else command.applicant
    draft = DraftCase(
        channel=Channel.DELEGATE,
        service_id=command.service_id,
        applicant=applicant,
        form=command.form,
        scope=scope,
        by=command.by.person_id,
        # Settled by whoever saw both values; else it is kept beside the file, for those who see that.
        said=Said.CHOSEN if seen else Said.UNSEEN,
        despite=command.despite,
        one_open_request=command.one_open_request,
    )
    case = await draft_case(draft, session=session, now=now)
    await session.flush()
    if known is None:
        await record(session, act="open_unsearched", reason=NOT_SEARCHED, case_id=case.id, person_id=case.subject_id)
    # As it was said at the door, whichever values his file has.
    said = ContactWords(name=command.applicant.name, mobile=command.applicant.mobile, arrival=command.details)
    await record_arrival(RecordArrival(case_id=case.id, said=said, by=command.by), session=session, now=now)
    documents = [await _paper(given, case, by=command.by, session=session, now=now) for given in command.papers]
    received = ReceiveCase(case_id=case.id, reception=command.reception, scope=scope)
    return await receive_case(received, session=session, now=now), documents


async def open_differences(applicant: Applicant, *, scope: Scope, session: AsyncSession) -> list[Difference]:
    """What his file says otherwise, where the asker sees it. Raises `PersonErased`."""
    known = await _known(applicant, scope=scope, session=session)
    if known is None or await known_to(known.id, scope=scope, session=session) is None:
        return []
    return differences(known, applicant)


async def _known(applicant: Applicant, *, scope: Scope, session: AsyncSession) -> Beneficiary | None:
    found = await store.find_beneficiary(
        session, association_id=scope.association_id, national_id=applicant.national_id
    )
    return None if found is None else await root_of(session, found)


async def _paper(given: GivenPaper, case: Case, *, by: Principal, session: AsyncSession, now: datetime) -> Document:
    try:
        command = AddDocument(case_id=case.id, by=by, **given.model_dump())
        return await add_document(command, session=session, now=now)
    except Refusal as refusal:
        # There are several on one form: which of them.
        refusal.field = f"paper.{given.kind}.{refusal.field}"
        raise
