"""Who has an open request is told, unasked, that papers of it run out (`goal.proactive`)."""

from datetime import datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.checklist import WARNED_IN, PaperWarning, running_out, warned_on
from services.intake.domain.documents import Document
from services.intake.store import papers as paper_store
from services.intake.timers import PaperRunsOut
from shared.language.calendar import RIYADH, riyadh_day
from shared.language.events import PapersRunningOut
from shared.plumbing import outbox
from shared.plumbing.timers import set_timer
from shared.policy.adopted import pack_of
from shared.policy.pack import Service

NINE = time(9, tzinfo=RIYADH)
"""Nobody is written to by night."""


async def watch_paper(document: Document, *, service: Service, session: AsyncSession, now: datetime) -> None:
    """Have its applicant told some days before it runs out."""
    if (day := warned_on(document, service=service)) is not None:
        timer = PaperRunsOut(case_id=document.case_id, document_id=document.id)
        await set_timer(session, timer, due_at=max(now, datetime.combine(day, NINE)), now=now)


async def tell_running_out(timer: PaperRunsOut, *, session: AsyncSession, now: datetime) -> None:
    """Tell it, and with it what else runs out; nothing where the case is gone, or has gone up meanwhile."""
    if (case := await store.find_case(session, timer.case_id)) is not None:
        await warn_of_papers(case, session=session, now=now)


async def warn_of_papers(case: Case, *, session: AsyncSession, now: datetime) -> None:
    """Tell once a paper what of this open request runs out soon, all of it together."""
    service = pack_of(case.association_id).service(case.service_id)
    if case.status not in WARNED_IN or service is None:
        return
    documents = await store.documents_of(session, case.id)
    warned = await paper_store.warned_papers(session, case.id)
    found = running_out(documents, service=service, today=riyadh_day(now), warned=warned)
    if not found:
        return
    session.add_all(PaperWarning(document_id=id_, case_id=case.id, warned_at=now) for id_ in found)
    kinds = tuple(dict.fromkeys(document.kind for document in documents if document.id in found))
    told = PapersRunningOut(**case.names(), papers=kinds, first_on=min(found.values()))
    await outbox.tell(session, told, at=now)
