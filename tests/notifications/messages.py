"""What a test reads of notifications' tables."""

from sqlmodel import select

from services.notifications.domain.delivery import ConsoleDelivery
from services.notifications.domain.message import Message
from shared.language.events import Medium
from shared.plumbing.scope import EVERYTHING
from tests.harness.desk import Desk


async def messages(desk: Desk, *, template: str | None = None, medium: Medium | None = None) -> list[Message]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        found = (await session.exec(select(Message).order_by(Message.id))).all()
    return [
        message
        for message in found
        if template in {None, message.template} and (medium is None or message.medium is medium)
    ]


async def deliveries(desk: Desk) -> list[ConsoleDelivery]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        return list((await session.exec(select(ConsoleDelivery).order_by(ConsoleDelivery.id))).all())
