"""An operator sends a failed message again, after mending what was wrong."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications import store
from services.notifications.domain.message import Message
from shared.plumbing.identity import Principal
from shared.plumbing.timers import set_timer


class ResendMessage(BaseModel):
    """Try a failed message again."""

    model_config = ConfigDict(frozen=True)

    message_id: str
    by: Principal


async def resend_message(command: ResendMessage, *, session: AsyncSession, now: datetime) -> Message:
    """Queue the message again. Raises `MessageNotFound`, `MessageNotFailed` or `PersonErased`."""
    message = await store.get_message(session, command.message_id, scope=command.by.scope)
    message.resend(at=now)
    await set_timer(session, message.next_try, due_at=now, now=now)
    return message
