"""The case moves as the reviewing body says."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.use_cases.check_case import end_if_left_incomplete
from shared.language.events import CaseAnswered, CaseDecided, CaseReturned, CaseStudied
from shared.plumbing.listener import NotYet
from shared.policy.adopted import pack_of


async def follow_body(
    event: CaseStudied | CaseReturned | CaseDecided | CaseAnswered, *, session: AsyncSession, now: datetime
) -> None:
    """Move the case. Raises `StepOutOfOrder` for a word that has no place there, `NotYet` for an unknown case."""
    case = await store.find_case(session, event.case_id)
    if case is None:
        raise NotYet
    given = await store.documents_of(session, case.id) if isinstance(event, CaseReturned) else []
    case.take_word_of_body(event, given=[document.id for document in given], at=now)
    days = pack_of(case.association_id).expire_incomplete_after_days
    await end_if_left_incomplete(case, after_days=days, session=session, now=now)
