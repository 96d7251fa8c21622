"""Every query about codes by SMS. Who asks holds the person."""

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.intake.domain.accounts.texted_code import TextedCode


async def texted_code_of(session: AsyncSession, person_id: str) -> TextedCode | None:
    """The newest code that was sent to him."""
    query = select(TextedCode).where(TextedCode.person_id == person_id)
    return (await session.exec(query, execution_options={"populate_existing": True})).first()


async def drop_texted_code(session: AsyncSession, person_id: str) -> None:
    await session.exec(delete(TextedCode).where(col(TextedCode.person_id) == person_id))
