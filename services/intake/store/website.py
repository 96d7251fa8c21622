"""Which pages of the public's form were sent."""

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.website import WebsiteRequest
from shared.plumbing.database import insert_new


async def take_page(session: AsyncSession, nonce: str, *, association_id: str, now: datetime) -> WebsiteRequest:
    """The page's row, held: made now, or there already, with its case. Two clicks at once come one after the other."""
    connection = await session.connection()
    table = WebsiteRequest.__table__  # type: ignore[attr-defined]
    row = {"nonce": nonce, "association_id": association_id, "case_id": "", "sent_at": now}
    await connection.execute(insert_new(table, sqlite=connection.dialect.name == "sqlite").values(**row))
    query = select(WebsiteRequest).where(WebsiteRequest.nonce == nonce).with_for_update()
    return (await session.exec(query)).one()
