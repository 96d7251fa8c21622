"""The checklist of a request as it stands today, and the papers on file that would serve it (`step.completeness`)."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.checklist import Item, checklist, reusable
from services.intake.domain.documents import Document
from services.intake.store import papers as paper_store
from services.intake.store.desk import newest_files
from shared.language.calendar import riyadh_day
from shared.plumbing.identity import Scope
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.scoped_session import set_scope
from shared.policy.adopted import pack_of, service_of


async def see_checklist(case_id: str, *, scope: Scope, session: AsyncSession, now: datetime) -> list[Item]:
    """Raises `CaseNotFound`, or `ServiceUnknown` for a service that was withdrawn since."""
    case = await store.see_case(session, case_id, scope=scope)
    documents = await store.documents_of(session, case.id)
    return checklist(
        documents,
        service=service_of(pack_of(case.association_id), case.service_id),
        today=riyadh_day(now),
        asked_again=case.missing,
        given_when_asked=case.given_when_asked,
        sources=await paper_store.sources_of(session, [document.id for document in documents]),
    )


async def see_papers_on_file(case_id: str, *, scope: Scope, session: AsyncSession, now: datetime) -> list[Document]:
    """His papers in other requests that this one may use. Raises as `see_checklist`."""
    case = await store.see_case(session, case_id, scope=scope)
    service = service_of(pack_of(case.association_id), case.service_id)
    return reusable(await paper_store.papers_on_file(session, case), service=service, today=riyadh_day(now))


async def with_picture(documents: list[Document], *, scope: Scope, session: AsyncSession) -> frozenset[str]:
    """Which of a case's papers have a picture, be it kept in this case or where the paper was given first."""
    lies_at = {document.id: document.id for document in documents}
    lies_at |= await paper_store.sources_of(session, list(lies_at))
    # That there is one, and no more: the paper is part of this case, which he sees (`show_file`).
    await set_scope(session, EVERYTHING)
    files = await newest_files(session, [*lies_at, *lies_at.values()])
    await set_scope(session, scope)
    return frozenset(own for own, first in lies_at.items() if own in files or first in files)
