"""After acceptance: registration completed, the service delivered (`step.registration`, `step.delivery`)."""

from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.deliveries import GivenBenefit, check_written_down_in_time
from services.intake.domain.desk import Delivery
from services.intake.timers import BenefitDueAgain, BenefitUnknown
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.plumbing.timers import set_timer
from shared.policy.adopted import pack_of, service_of


class RegisterCase(BaseModel):
    """Complete the registration of an accepted request."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    by: Principal


class DeliverCase(BaseModel):
    """Record that the service reached the beneficiary."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    delivered_on: date
    received_by: str
    proof: str
    by: Principal


async def register_case(command: RegisterCase, *, session: AsyncSession, now: datetime) -> Case:
    """Register. Raises `NotAccepted` or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    await outbox.tell(session, case.register(), at=now)
    return case


async def deliver_case(command: DeliverCase, *, session: AsyncSession, now: datetime) -> Case:
    """Deliver all of it at once, and set the day to ask how it went.

    Raises `StepOutOfOrder`, `DecidedIt` or `DeliveredTooLongAgo`.
    """
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    await complete_delivery(
        case,
        on=command.delivered_on,
        received_by=command.received_by,
        proof=command.proof,
        by=command.by.person_id,
        session=session,
        now=now,
    )
    check_written_down_in_time(command.delivered_on, by=command.by.role, at=now)
    session.add(GivenBenefit.of(case, on=command.delivered_on, whole=True))
    return case


async def complete_delivery(
    case: Case, *, on: date, received_by: str, proof: str, by: str, session: AsyncSession, now: datetime
) -> None:
    """Nothing is left to give: it is told, and the days to ask how it went are set."""
    await outbox.tell(session, case.deliver(on=on, by=by), at=now)
    session.add(
        Delivery(
            case_id=case.id,
            subject_id=case.subject_id,
            received_by=received_by,
            proof=proof,
            delivered_by=by,
            recorded_at=now,
        )
    )
    service = service_of(pack_of(case.association_id), case.service_id)
    due_at = now + timedelta(days=service.follow_up_days)
    await set_timer(session, BenefitUnknown(case_id=case.id), due_at=due_at, now=now)
    for days in service.more_follow_ups:
        again = BenefitDueAgain(case_id=case.id, days=days)
        await set_timer(session, again, due_at=now + timedelta(days=days), now=now)
