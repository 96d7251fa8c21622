"""Having facts published once more, for a listener that an entry never reached whole. Who has them does nothing."""

from sqlalchemy import update
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.database import TOLD
from shared.plumbing.tables import outbox


async def tell_again(session: AsyncSession, *, key: str) -> int:
    """Have all that this service told about `key` published again, in order; how many that is."""
    session.info[TOLD] = True
    connection = await session.connection()
    told = await connection.execute(update(outbox).where(outbox.c.key == key).values(stream_ms=None, stream_n=None))
    return told.rowcount
