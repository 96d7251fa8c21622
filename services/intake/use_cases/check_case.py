"""The employee holds the papers against the checklist, as they are valid today."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.documents import missing_documents
from services.intake.timers import IncompleteTooLong
from services.intake.use_cases.warn_of_papers import warn_of_papers
from shared.language.calendar import riyadh_day
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.timers import set_timer
from shared.policy.adopted import pack_of, service_of


class CheckCase(BaseModel):
    """Check whether a request is complete."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    by: Principal


async def check_case(command: CheckCase, *, session: AsyncSession, now: datetime) -> Case:
    """Complete, or incomplete with one list. Raises `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    pack = pack_of(case.association_id)
    service = service_of(pack, case.service_id)
    documents = await store.documents_of(session, case.id)
    missing = missing_documents(
        documents,
        service=service,
        today=riyadh_day(now),
        asked_again=case.missing,
        given_when_asked=case.given_when_asked,
    )
    await outbox.tell(session, case.check(missing, documents=len(documents), at=now), at=now)
    if not missing:
        await warn_of_papers(case, session=session, now=now)
    await end_if_left_incomplete(case, after_days=pack.expire_incomplete_after_days, session=session, now=now)
    return case


async def end_if_left_incomplete(case: Case, *, after_days: int | None, session: AsyncSession, now: datetime) -> None:
    """Set the day on which an incomplete request ends, where the pack has one."""
    if case.incomplete_since is not None and after_days is not None:
        timer = IncompleteTooLong(case_id=case.id, incomplete_since=case.incomplete_since)
        await set_timer(session, timer, due_at=case.incomplete_since + timedelta(days=after_days), now=now)
