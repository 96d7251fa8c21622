"""After acceptance: registration completed, the service delivered (`step.registration`, `step.delivery`)."""

from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.domain.desk import Delivery
from services.intake.timers import BenefitUnknown
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
    """Deliver, and set the day to ask how it went. Raises `StepOutOfOrder` or `DecidedIt`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    await outbox.tell(session, case.deliver(on=command.delivered_on, by=command.by.person_id), at=now)
    session.add(
        Delivery(
            case_id=case.id,
            subject_id=case.subject_id,
            received_by=command.received_by,
            proof=command.proof,
            delivered_by=command.by.person_id,
            recorded_at=now,
        )
    )
    service = service_of(pack_of(case.association_id), case.service_id)
    due_at = now + timedelta(days=service.follow_up_days)
    await set_timer(session, BenefitUnknown(case_id=case.id), due_at=due_at, now=now)
    return case
