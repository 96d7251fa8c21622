"""Something that this service will do when its time comes: an inbox row with a due time, and nothing else.

It is written in the transaction of the fact that starts it, and survives everything that the database survives.
"""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.language.roles import SYSTEM
from shared.plumbing.database import ARRIVED, insert_new
from shared.plumbing.envelope import Envelope
from shared.plumbing.origin import current_traceparent, origin
from shared.plumbing.tables import READY, inbox

TIMER = "timer"


class Timer(BaseModel):
    """What falls due. `key` is what it is about; `name` makes it one of its kind, however often it is set."""

    model_config = ConfigDict(frozen=True)

    type: ClassVar[str]

    @property
    def key(self) -> str:
        raise TypeError(f"{type(self).__name__} does not say what it is about")

    @property
    def name(self) -> str:
        return f"{self.type}:{self.key}"


async def set_timer(session: AsyncSession, timer: Timer, *, due_at: datetime, now: datetime) -> None:
    """Have `timer` taken in at `due_at` or soon after, never before. One of this name that is set already stays."""
    session.info[ARRIVED] = True
    cause = origin()
    envelope = Envelope(
        id=f"{TIMER}:{timer.name}",
        source=TIMER,
        type=timer.type,
        key=timer.key,
        at=due_at,
        # What falls due is done by nobody: who set it stands in the facts before it.
        actor=SYSTEM,
        correlation_id=cause.correlation_id,
        causation_id=cause.causation_id,
        traceparent=current_traceparent(),
        data=timer.model_dump(mode="json"),
    )
    connection = await session.connection()
    await connection.execute(
        insert_new(inbox, sqlite=connection.dialect.name == "sqlite").values(
            event_id=envelope.id,
            source=TIMER,
            type=timer.type,
            key=timer.key,
            envelope=envelope.model_dump_json(),
            state=READY,
            due_at=due_at,
            attempts=0,
            received_at=now,
        )
    )


async def cancel_timer(session: AsyncSession, timer: Timer) -> None:
    """Forget `timer` if it has not fallen due. Its handler looks again all the same: it may be under way."""
    connection = await session.connection()
    await connection.execute(delete(inbox).where(inbox.c.event_id == f"{TIMER}:{timer.name}", inbox.c.state == READY))
