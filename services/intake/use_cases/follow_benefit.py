"""What the service did for him is asked for, unasked, and documented (`eligibility.benefit`, `goal.proactive`)."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.desk import Benefit
from services.intake.store.proposals import answer_proposals
from services.intake.use_cases.reach_first import propose_follow_up
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import BenefitFollowUpDue, ProposalKind
from shared.plumbing import outbox
from shared.plumbing.identity import Principal


class DocumentBenefit(BaseModel):
    """Write down what the service did for the beneficiary."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    useful: bool
    note: str
    by: Principal


async def document_benefit(command: DocumentBenefit, *, session: AsyncSession, now: datetime) -> Case:
    """Document it. Raises `StepOutOfOrder` before delivery."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    await outbox.tell(session, case.document_benefit(useful=command.useful, at=now), at=now)
    session.add(
        Benefit(
            case_id=case.id,
            subject_id=case.subject_id,
            useful=command.useful,
            note=command.note,
            documented_by=command.by.person_id,
            documented_at=now,
        )
    )
    await answer_proposals(session, case.id, kind=ProposalKind.FOLLOW_UP_DUE, by=command.by.person_id, at=now)
    return case


async def ask_for_benefit(case_id: str, *, session: AsyncSession, now: datetime) -> None:
    """Tell that the day has come, if nobody knows yet how it went."""
    case = await store.find_case(session, case_id)
    if case is not None and (due := case.follow_up()) is not None:
        await outbox.tell(session, due, at=now)
        await propose_follow_up(case, session=session, now=now)


async def ask_again(case_id: str, *, session: AsyncSession, now: datetime) -> None:
    """A further day of the service has come: the branch asks again, whatever was found out before, while it is open."""
    case = await store.find_case(session, case_id)
    if case is not None and case.status is CaseStatus.DELIVERED:
        await outbox.tell(session, BenefitFollowUpDue(**case.note(BenefitFollowUpDue)), at=now)
        await propose_follow_up(case, session=session, now=now)
