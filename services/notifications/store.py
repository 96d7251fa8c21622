"""Every query of notifications."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notifications.domain.consent import Consent, Purpose
from services.notifications.domain.contact import Contact
from services.notifications.domain.delivery import ConsoleDelivery
from services.notifications.domain.letter import Letter
from services.notifications.domain.message import Message, MessageStatus
from shared.language.errors import MessageNotFound
from shared.language.events import Medium
from shared.plumbing.database import insert_new
from shared.plumbing.identity import Scope
from shared.plumbing.origin import new_id
from shared.plumbing.seal import Of


async def find_contact(session: AsyncSession, case_id: str) -> Contact | None:
    """The applicant of a case, whoever asks: for events, which carry no scope."""
    return (await session.exec(select(Contact).where(Contact.case_id == case_id))).first()


async def media_of(session: AsyncSession, causing_event_id: str) -> set[Medium]:
    """The media by which this fact has its message already."""
    told = await session.exec(select(Message.medium).where(Message.causing_event_id == causing_event_id))
    return {Medium(medium) for medium in told}


async def messages_caused_by(session: AsyncSession, event_ids: Collection[str]) -> list[str]:
    """The ids of the messages that these facts caused: what their timers are named after."""
    return list((await session.exec(select(Message.id).where(col(Message.causing_event_id).in_(event_ids)))).all())


async def find_message(session: AsyncSession, message_id: str) -> Message | None:
    """A message, held for change: for timers, which carry no scope."""
    return (await session.exec(select(Message).where(Message.id == message_id).with_for_update())).first()


async def read_message(session: AsyncSession, message_id: str) -> Message | None:
    """A message as it stands, in a transaction that only reads."""
    return (await session.exec(select(Message).where(Message.id == message_id))).first()


async def get_message(session: AsyncSession, message_id: str, *, scope: Scope) -> Message:
    """A message of the association, held for change. Raises `MessageNotFound`."""
    message = await find_message(session, message_id)
    if message is None or message.association_id != scope.association_id:
        raise MessageNotFound
    return message


async def list_messages(
    session: AsyncSession, *, scope: Scope, case_id: str | None, after: str, limit: int
) -> list[Message]:
    """A page of the association's messages, oldest first."""
    query = select(Message).where(Message.association_id == scope.association_id, Message.id > after)
    if case_id is not None:
        query = query.where(Message.case_id == case_id)
    return list((await session.exec(query.order_by(Message.id).limit(limit))).all())


async def contacts_of(session: AsyncSession, subject_id: str) -> list[Contact]:
    """The contacts of a person: one a case."""
    return list((await session.exec(select(Contact).where(Contact.subject_id == subject_id))).all())


async def queued_for(session: AsyncSession, subject_id: str) -> list[Message]:
    """What waits to be sent to a person, held for change: for an event."""
    query = select(Message).where(Message.subject_id == subject_id, Message.status == MessageStatus.QUEUED)
    return list((await session.exec(query.order_by(Message.id).with_for_update())).all())


async def forget_references(session: AsyncSession, subject_id: str) -> None:
    """By its own reference a provider could still say whom it was for."""
    connection = await session.connection()
    await connection.execute(
        update(Message).where(col(Message.subject_id) == subject_id).values(provider_reference=None)
    )


async def has_contact(session: AsyncSession, subject_id: str) -> bool:
    """Whether the scope knows a way to this person."""
    query = select(Contact.case_id).where(Contact.subject_id == subject_id).limit(1)
    return (await session.exec(query)).first() is not None


async def newest_consent(session: AsyncSession, *, subject_id: str, purpose: Purpose) -> Consent | None:
    query = select(Consent).where(Consent.subject_id == subject_id, Consent.purpose == purpose)
    return (await session.exec(query.order_by(col(Consent.id).desc()).limit(1))).first()


async def keep_delivery(session: AsyncSession, letter: Letter, *, at: datetime) -> None:
    """Keep what would have been sent; a reference that is there already stays as it is."""
    connection = await session.connection()
    await connection.execute(
        insert_new(ConsoleDelivery.__table__, sqlite=connection.dialect.name == "sqlite").values(  # type: ignore[attr-defined]
            id=new_id(),
            reference=letter.reference,
            medium=letter.medium,
            subject_id=letter.subject_id,
            recipient=Of.person(letter.subject_id, letter.recipient),
            subject=Of.person(letter.subject_id, letter.subject),
            body=Of.person(letter.subject_id, letter.body),
            delivered_at=at,
        )
    )


async def list_deliveries(
    session: AsyncSession, *, before: str | None, limit: int
) -> list[tuple[ConsoleDelivery, Message, Contact]]:
    """A page of what would have been sent, newest first, each with its message and its applicant."""
    page = select(ConsoleDelivery.id)
    if before is not None:
        page = page.where(ConsoleDelivery.id < before)
    page = page.order_by(col(ConsoleDelivery.id).desc()).limit(limit)
    # The page first, by its key; what belongs to it after.
    query = (
        select(ConsoleDelivery, Message, Contact)
        .where(col(ConsoleDelivery.id).in_(page))
        .join(Message, col(Message.id) == col(ConsoleDelivery.reference))
        .join(Contact, col(Contact.case_id) == col(Message.case_id))
        .order_by(col(ConsoleDelivery.id).desc())
    )
    return list((await session.exec(query)).all())
