"""The applicant gives a paper."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.documents import Document, check_document
from services.intake.store.proposals import answer_proposals
from services.intake.use_cases.warn_of_papers import watch_paper
from shared.language.calendar import riyadh_day
from shared.language.case_lifecycle import CaseStatus
from shared.language.errors import StepOutOfOrder
from shared.language.events import ProposalKind
from shared.language.steps import Step
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of, service_of

PAPERS_ARE_TAKEN_IN = frozenset(
    {CaseStatus.DRAFT, CaseStatus.RECEIVED, CaseStatus.INCOMPLETE, CaseStatus.COMPLETE, CaseStatus.ATTESTED}
)


class AddDocument(BaseModel):
    """Record one paper of a request."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    kind: str
    number: str | None
    issued_on: date
    expires_on: date | None
    by: Principal


async def add_document(command: AddDocument, *, session: AsyncSession, now: datetime) -> Document:
    """Record it. Raises `DocumentNotOnChecklist` or `DocumentExpired`; `StepOutOfOrder` once the case went up."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    if case.status not in PAPERS_ARE_TAKEN_IN:
        raise StepOutOfOrder(status=case.status, event=Step("document"))
    service = service_of(pack_of(case.association_id), case.service_id)
    document = Document(
        case_id=case.id,
        subject_id=case.subject_id,
        kind=command.kind,
        number=command.number,
        issued_on=command.issued_on,
        expires_on=command.expires_on,
        recorded_by=command.by.person_id,
        recorded_at=now,
    )
    check_document(document, service=service, today=riyadh_day(now))
    session.add(document)
    await answer_proposals(
        session,
        case.id,
        kind=ProposalKind.DOCUMENT_EXPIRING,
        document_kind=command.kind,
        by=command.by.person_id,
        at=now,
    )
    await session.flush()
    await watch_paper(document, service=service, session=session, now=now)
    return document
