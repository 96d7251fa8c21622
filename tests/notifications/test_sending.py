"""A message goes out once, whatever breaks on the way."""

from dataclasses import dataclass, field
from datetime import timedelta

from services.notifications.domain.letter import Letter, Receipt
from services.notifications.domain.message import GAVE_UP, GIVE_UP_AFTER, TRY_AGAIN_AFTER, MessageStatus
from services.notifications.gateways import GatewayDown, GatewayRefused
from services.notifications.gateways.console import ConsoleGateway
from shared.language.clauses import Clause
from shared.language.events import MessageFailed, MessageSent
from shared.language.roles import Role
from shared.plumbing.service import Runtime
from tests.harness.desk import Desk
from tests.notifications import facts
from tests.notifications.conftest import OpenNotifications
from tests.notifications.messages import deliveries, messages

MESSAGES = "/api/v1/messages"


@dataclass
class ScriptedGateway:
    """Raises what the script says, a call each; after that it takes every letter."""

    script: list[Exception] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    always: Exception | None = None

    async def send(self, letter: Letter) -> Receipt:
        self.letters.append(letter)
        if self.always is not None:
            raise self.always
        if self.script:
            raise self.script.pop(0)
        return Receipt(provider_reference=f"p-{len(self.letters)}")


class StoppedAfterCall(ConsoleGateway):
    """The console, whose first answer is lost: the process stopped between call and record."""

    calls: list[str]

    async def send(self, letter: Letter) -> Receipt:
        receipt = await super().send(letter)
        self.calls.append(letter.reference)
        if len(self.calls) == 1:
            raise ConnectionResetError
        return receipt


async def test_a_stop_between_call_and_record_shows_the_letter_once(open_notifications: OpenNotifications) -> None:
    calls: list[str] = []

    def stopped(runtime: Runtime) -> StoppedAfterCall:
        gateway = StoppedAfterCall(runtime.database, clock=runtime.clock)
        gateway.calls = calls
        return gateway

    async with open_notifications(gateway=stopped) as desk:
        await desk.hear(facts.received(email=None))
        (message,) = await messages(desk)
        assert calls == [message.id, message.id]
        assert message.status is MessageStatus.SENT
        assert len(await deliveries(desk)) == 1
        assert len(await desk.told(MessageSent)) == 1


async def test_while_the_gateway_is_down_the_attempts_can_be_seen(open_notifications: OpenNotifications) -> None:
    gateway = ScriptedGateway(script=[GatewayDown("busy"), GatewayDown("busy")])
    async with open_notifications(gateway=lambda _: gateway) as desk:
        await desk.hear(facts.received(email=None))
        (message,) = await messages(desk)
        assert (message.status, message.attempts, message.error) == (MessageStatus.SENT, 3, None)
        assert message.provider_reference == "p-3"
        assert len({letter.reference for letter in gateway.letters}) == 1


async def test_a_long_outage_delays_and_buries_nothing(open_notifications: OpenNotifications) -> None:
    gateway = ScriptedGateway(always=GatewayDown("busy"))
    async with open_notifications(gateway=lambda _: gateway) as desk:
        await desk.hear(facts.received(email=None))
        (message,) = await messages(desk)
        assert (message.status, message.attempts, message.error) == (MessageStatus.QUEUED, 3, "busy")
        assert await desk.dead() == []

        gateway.always = None
        desk.clock.forward(TRY_AGAIN_AFTER)
        await desk.settle()
        (message,) = await messages(desk)
        assert (message.status, message.attempts) == (MessageStatus.SENT, 4)


async def test_after_three_days_of_outage_a_person_is_told_to_reach_him(open_notifications: OpenNotifications) -> None:
    gateway = ScriptedGateway(always=GatewayDown("busy"))
    async with open_notifications(gateway=lambda _: gateway) as desk:
        await desk.hear(facts.received(email=None))
        desk.clock.forward(GIVE_UP_AFTER - timedelta(seconds=1))
        await desk.settle()
        assert await desk.told() == []
        desk.clock.forward(TRY_AGAIN_AFTER)
        await desk.settle()
        (failed,) = await desk.told()
        assert isinstance(failed, MessageFailed)
        assert failed.reason == GAVE_UP


async def test_a_refused_message_fails_at_once_and_only_a_person_sends_it_again(
    open_notifications: OpenNotifications,
) -> None:
    gateway = ScriptedGateway(script=[GatewayRefused("number_unknown")])
    async with open_notifications(gateway=lambda _: gateway) as desk:
        await desk.hear(facts.received(email=None))
        (failed,) = await desk.told()
        assert isinstance(failed, MessageFailed)
        assert failed.reason == "number_unknown"
        (message,) = await messages(desk)
        desk.clock.forward(timedelta(days=1))
        await desk.settle()
        assert len(gateway.letters) == 1

        again = await desk.call("POST", f"{MESSAGES}/{message.id}/resend", role=Role.NOTIFICATIONS_OPERATOR)
        assert (again.status_code, again.json()["status"]) == (202, "queued")
        await desk.settle()
        assert [letter.reference for letter in gateway.letters] == [message.id, message.id]
        (sent,) = await desk.told(MessageSent)
        assert isinstance(sent, MessageSent)
        assert sent.message_id == message.id


async def test_a_message_that_did_not_fail_is_not_sent_again(notifications: Desk) -> None:
    await notifications.hear(facts.received(email=None))
    (message,) = await messages(notifications)
    refused = await notifications.call("POST", f"{MESSAGES}/{message.id}/resend", role=Role.NOTIFICATIONS_OPERATOR)
    assert (refused.status_code, refused.json()["code"]) == (409, "message_not_failed")


async def test_the_sent_notice_shows_its_clause_kept(notifications: Desk) -> None:
    await notifications.hear(facts.received(email=None), facts.referred())
    shown = {event.template: event.evidence() for event in await sent(notifications)}
    assert Clause.STEP_COMMITTEE_NOTICE in shown["case_referred"]
    assert Clause.STEP_COMMITTEE_NOTICE not in shown["case_received"]


async def sent(desk: Desk) -> list[MessageSent]:
    return [event for event in await desk.told() if isinstance(event, MessageSent)]
