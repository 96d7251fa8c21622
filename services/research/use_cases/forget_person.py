"""A person was erased: his file, the study, the votes' reasons and the decision's are taken out; that it was, stays."""

from sqlmodel.ext.asyncio.session import AsyncSession

from services.research.domain import ResearchTable
from shared.language.events import PersonErased
from shared.plumbing.personal import scrub


async def forget_person(event: PersonErased, *, session: AsyncSession) -> None:
    """Take it out; a second time changes nothing."""
    await scrub(session, ResearchTable.metadata, subject=event.subject_id, case_ids=event.case_ids)
