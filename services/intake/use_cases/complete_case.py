"""What is missing is brought, or found on file, and the request goes on from where it stands (`step.completeness`)."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.checklist import Agreement, ReusedPaper, reusable
from services.intake.domain.documents import Document
from services.intake.store import papers as paper_store
from services.intake.use_cases.add_document import PAPERS_ARE_TAKEN_IN, AddDocument, add_document
from services.intake.use_cases.check_case import CheckCase, check_case
from services.intake.use_cases.warn_of_papers import watch_paper
from shared.language.calendar import riyadh_day
from shared.language.errors import PaperNotReusable, StepOutOfOrder
from shared.language.steps import Step
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of, service_of


class GivenPaper(BaseModel):
    """One paper that he brought."""

    model_config = ConfigDict(frozen=True)

    kind: str
    number: str | None
    issued_on: date
    expires_on: date | None


class PaperOnFile(BaseModel):
    """One paper of his other requests that serves this one, and who agreed to that."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    agreed: Agreement
    agreed_name: str


class ReusePaper(BaseModel):
    """Use a paper on file."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    paper: PaperOnFile
    by: Principal


class CompleteCase(BaseModel):
    """Bring what is missing, all at once, and check."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    papers: tuple[GivenPaper, ...]
    on_file: tuple[PaperOnFile, ...]
    by: Principal


async def complete_case(command: CompleteCase, *, session: AsyncSession, now: datetime) -> Case:
    """Take all of it and check once: whole, or one list of what is still missing.

    Raises as a paper that is recorded, as one that is reused, and `StepOutOfOrder`; then nothing of it was taken.
    """
    for paper in command.papers:
        add = AddDocument(case_id=command.case_id, by=command.by, **paper.model_dump())
        await add_document(add, session=session, now=now)
    for on_file in command.on_file:
        reuse = ReusePaper(case_id=command.case_id, paper=on_file, by=command.by)
        await reuse_paper(reuse, session=session, now=now)
    return await check_case(CheckCase(case_id=command.case_id, by=command.by), session=session, now=now)


async def reuse_paper(command: ReusePaper, *, session: AsyncSession, now: datetime) -> Document:
    """Refer to it. Raises `PaperNotReusable` for one that is not his, not seen by the scope, or not valid today.

    What its checklist line says is taken over, so that the applicant signs for it; its file stays where it is.
    """
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    if case.status not in PAPERS_ARE_TAKEN_IN:
        raise StepOutOfOrder(status=case.status, event=Step("document"))
    service, today = service_of(pack_of(case.association_id), case.service_id), riyadh_day(now)
    on_file = reusable(await paper_store.papers_on_file(session, case), service=service, today=today)
    source = next((one for one in on_file if one.id == command.paper.document_id), None)
    if source is None or await _would_open_what_is_closed(source, case, session=session):
        raise PaperNotReusable(field="document_id")
    root = (await paper_store.sources_of(session, [source.id])).get(source.id, source.id)
    there = await paper_store.sources_of(session, [one.id for one in await store.documents_of(session, case.id)])
    if root in there.values():
        raise PaperNotReusable(field="document_id")
    document = Document(
        case_id=case.id,
        subject_id=case.subject_id,
        kind=source.kind,
        number=source.number,
        issued_on=source.issued_on,
        expires_on=source.expires_on,
        recorded_by=command.by.person_id,
        recorded_at=now,
    )
    session.add(document)
    await session.flush()
    reused = ReusedPaper(
        case_id=case.id,
        document_id=document.id,
        source_id=root,
        subject_id=case.subject_id,
        agreed=command.paper.agreed,
        agreed_name=command.paper.agreed_name,
        noted_by=command.by.person_id,
        noted_at=now,
    )
    session.add(reused)
    await watch_paper(document, service=service, session=session, now=now)
    return document


async def _would_open_what_is_closed(source: Document, case: Case, *, session: AsyncSession) -> bool:
    """A paper of a confidential case is not shown by way of an open one."""
    if await store.confidential_case(session, source.case_id) is None:
        return False
    return await store.confidential_case(session, case.id) is None
