"""A code for signing in: one message at once, to the one mobile, and nothing of it left to be read."""

import logging
from datetime import timedelta

import pytest

from services.notifications.domain.letter import Letter, Receipt
from services.notifications.gateways import GatewayDown, GatewayRefused
from shared.language.events import MessageEvent, SignInCodeMade
from shared.language.roles import Role
from shared.plumbing.seal import seal
from tests.contracts.problem import everything_written
from tests.harness.desk import ASSOCIATION, NOON, Desk
from tests.notifications.conftest import OpenNotifications

MOBILE, CODE = "+966512345999", "493817"


def made(code_id: str = "code-1") -> SignInCodeMade:
    return SignInCodeMade(
        association_id=ASSOCIATION,
        person_id="p-1",
        code_id=code_id,
        mobile=seal(MOBILE),
        code=seal(CODE),
        ends_at=NOON + timedelta(minutes=5),
    )


class Taking:
    """A gateway that takes letters, after it refused or was down as often as the test says."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.letters: list[Letter] = []

    async def send(self, letter: Letter) -> Receipt:
        self.letters.append(letter)
        if self.errors:
            raise self.errors.pop(0)
        return Receipt(provider_reference=None)


@pytest.fixture
def taking() -> Taking:
    return Taking()


async def test_it_goes_out_at_once_with_its_code_and_names_nobody(
    open_notifications: OpenNotifications, taking: Taking
) -> None:
    async with open_notifications(gateway=lambda _: taking) as desk:
        await desk.hear(made())
    (letter,) = taking.letters
    assert (letter.recipient, letter.reference) == (MOBILE, "code-1")
    assert CODE in letter.body
    assert "جمعية" in letter.body
    assert "http" not in letter.body
    assert MOBILE not in repr(letter)
    assert CODE not in repr(letter)


async def test_a_code_that_is_told_twice_is_sent_once(open_notifications: OpenNotifications, taking: Taking) -> None:
    async with open_notifications(gateway=lambda _: taking) as desk:
        await desk.hear(made(), made())
        await desk.hear(made())
        await desk.hear(made("code-2"))
    assert [letter.reference for letter in taking.letters] == ["code-1", "code-2"]


async def test_nothing_readable_of_it_lies_anywhere_and_no_list_shows_it(
    open_notifications: OpenNotifications, taking: Taking, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_notifications(gateway=lambda _: taking) as desk:
        await desk.hear(made())
        written = "\n".join(everything_written(desk))
        page = (await desk.client.get("/")).text
        listed = (await desk.call("GET", "/api/v1/messages", role=Role.NOTIFICATIONS_OPERATOR)).json()
        assert await desk.told(MessageEvent) == []
    for place in (written, page, caplog.text):
        assert CODE not in place
        assert MOBILE.lstrip("+") not in place
    assert listed["items"] == []


async def test_where_nothing_is_sent_for_real_no_code_is_kept_to_be_looked_at(
    open_notifications: OpenNotifications,
) -> None:
    async with open_notifications() as desk:
        await desk.hear(made())
        assert not [line for line in everything_written(desk) if "console_deliveries" in line and "code-1" in line]
        assert "لا توجد رسائل بعد" in (await desk.client.get("/")).text


async def waiting(desk: Desk) -> list[str]:
    from sqlalchemy import select

    from shared.plumbing import tables

    async with desk.runtime.database.read() as session:
        rows = await (await session.connection()).execute(select(tables.inbox.c.state).order_by(tables.inbox.c.id))
    return [row.state for row in rows]


async def test_while_the_gateway_is_down_it_is_tried_again_and_after_its_minutes_no_more(
    open_notifications: OpenNotifications,
) -> None:
    down = Taking(*(GatewayDown("http_503") for _ in range(9)))
    async with open_notifications(gateway=lambda _: down) as desk:
        await desk.hear(made())
        tried = len(down.letters)
        assert tried >= 1
        desk.clock.forward(timedelta(minutes=5))
        await desk.hear(made("code-2"))
        assert len(down.letters) == tried


async def test_what_the_gateway_will_never_take_is_not_tried_again(open_notifications: OpenNotifications) -> None:
    never = Taking(GatewayRefused("http_400"))
    async with open_notifications(gateway=lambda _: never) as desk:
        await desk.hear(made())
        assert set(await waiting(desk)) == {"done"}
    assert len(never.letters) == 1
