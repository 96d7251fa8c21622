"""A file comes to its end: closed, taken back, or left incomplete too long."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake import store
from services.intake.domain.case import Case
from services.intake.timers import IncompleteTooLong
from shared.plumbing import outbox
from shared.plumbing.identity import Principal
from shared.policy.adopted import pack_of


class CloseCase(BaseModel):
    """Close a served or rejected case."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    by: Principal


class WithdrawCase(BaseModel):
    """Take a request back for its applicant."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    by: Principal


async def close_case(command: CloseCase, *, session: AsyncSession, now: datetime) -> Case:
    """Close. Raises `BenefitUndocumented`, `NotRejected` or `StepOutOfOrder`."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    await outbox.tell(session, case.close(pack=pack_of(case.association_id), at=now), at=now)
    return case


async def withdraw_case(command: WithdrawCase, *, session: AsyncSession, now: datetime) -> Case:
    """Withdraw. Raises `StepOutOfOrder` once the service was delivered."""
    case = await store.get_case(session, command.case_id, scope=command.by.scope)
    await outbox.tell(session, case.withdraw(at=now), at=now)
    return case


async def expire_case(timer: IncompleteTooLong, *, session: AsyncSession, now: datetime) -> None:
    """End a request that is still incomplete since the same day."""
    case = await store.find_case(session, timer.case_id)
    expired = case.expire(incomplete_since=timer.incomplete_since, at=now) if case else None
    if expired is not None:
        await outbox.tell(session, expired, at=now)
