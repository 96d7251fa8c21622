"""A fact makes one message a medium, whatever the order and however often it comes."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from services.notifications.domain.message import Message, MessageStatus
from shared.language import events as e
from shared.plumbing import tables
from shared.plumbing.inbox import DATA, take_in
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.seal import seal
from tests.harness.desk import Desk
from tests.notifications import facts
from tests.notifications.messages import deliveries, messages


async def test_every_fact_makes_exactly_one_message_a_medium(notifications: Desk) -> None:
    told = [facts.received(), *facts.told_to_applicant()]
    await notifications.hear(*told)
    made = [(message.template, message.medium) for message in await messages(notifications)]
    assert sorted(made) == sorted((event.type.replace(".", "_"), medium) for event in told for medium in e.Medium)
    assert {message.status for message in await messages(notifications)} == {MessageStatus.SENT}
    sent = await notifications.told(e.MessageSent)
    assert len(sent) == len(made) == len(await deliveries(notifications))
    assert await notifications.dead() == []


async def test_a_closed_case_is_told_to_nobody(notifications: Desk) -> None:
    await notifications.hear(facts.received())
    before = len(await messages(notifications))
    await notifications.hear(e.CaseClosed(**facts.NAMES, ending=e.Ending.SERVED, department_id="sponsorship"))
    assert len(await messages(notifications)) == before


async def test_a_person_without_an_email_gets_an_sms_alone(notifications: Desk) -> None:
    await notifications.hear(facts.received(email=None), *facts.told_to_applicant())
    assert {message.medium for message in await messages(notifications)} == {e.Medium.SMS}


async def test_the_same_envelope_twice_makes_one_message(notifications: Desk) -> None:
    await notifications.hear(facts.received(email=None))
    async with notifications.runtime.database.read(scope=EVERYTHING) as session:
        connection = await session.connection()
        envelope = await connection.scalar(tables.inbox.select().with_only_columns(tables.inbox.c.envelope))
    entry = (b"1-1", {DATA: str(envelope).encode()})
    await take_in(
        notifications.runtime.database, source=e.Source.INTAKE, entries=[entry], now=notifications.clock.now()
    )
    await notifications.settle()
    assert len(await messages(notifications)) == len(await deliveries(notifications)) == 1


async def test_a_fact_that_takes_effect_again_makes_no_second_message(notifications: Desk) -> None:
    await notifications.hear(facts.received())
    async with notifications.runtime.database.write(scope=EVERYTHING) as session:
        connection = await session.connection()
        # As after an inbox restored from an older copy.
        await connection.execute(tables.cursors.delete())
        await connection.execute(
            update(tables.inbox).where(tables.inbox.c.source == "intake").values(state=tables.READY, leased_until=None)
        )
    await notifications.settle()
    assert len(await messages(notifications)) == 2


async def test_the_database_refuses_a_second_message_of_a_fact_and_medium(notifications: Desk) -> None:
    await notifications.hear(facts.received(email=None))
    (message,) = await messages(notifications)
    second = Message(**message.model_dump(exclude={"id"}))
    with pytest.raises(IntegrityError):
        async with notifications.runtime.database.write(scope=EVERYTHING) as session:
            session.add(second)


async def test_an_answer_before_its_contact_waits_and_goes_out_afterwards(notifications: Desk) -> None:
    await notifications.hear(facts.answered())
    assert await messages(notifications) == []
    assert await notifications.dead() == []

    await notifications.hear(facts.received(email=None))
    notifications.clock.forward(timedelta(seconds=1))
    await notifications.settle()
    assert [message.template for message in await messages(notifications)] == ["case_received", "case_answered"]


async def test_a_contact_that_nobody_can_read_is_dead_and_quotes_nothing(notifications: Desk) -> None:
    broken = facts.received().model_copy(update={"contact": seal('{"name": 7, "mobile": "+966512345123"}')})
    await notifications.hear(broken)
    (story,) = await notifications.dead()
    assert facts.MOBILE not in story


async def test_neither_tables_nor_events_hold_personal_data_in_clear(notifications: Desk) -> None:
    await notifications.hear(facts.received(), facts.invited())
    async with notifications.runtime.database.read(scope=EVERYTHING) as session:
        connection = await session.connection()
        rows = [
            str(row)
            for table in ("contacts", "messages", "console_deliveries", "inbox_messages", "outbox_events")
            for row in await connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - our own names
        ]
    assert len(rows) > 10
    for private in (facts.NAME, facts.MOBILE, facts.EMAIL, facts.CODE):
        assert not [row for row in rows if private in row]
