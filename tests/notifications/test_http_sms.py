"""SMS against a real HTTP server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from services.notifications.domain.message import MessageStatus
from shared.language.events import MessageFailed, MessageSent
from tests.notifications import facts
from tests.notifications.conftest import OpenNotifications
from tests.notifications.messages import messages


@dataclass
class Provider:
    """What the provider answers, and what it was asked."""

    answers: list[int] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@contextmanager
def serving(provider: Provider) -> Iterator[dict[str, str]]:
    """A provider on a free port; the settings that reach it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            provider.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            provider.keys.append(self.headers["X-Key"])
            body = json.dumps({"id": f"taken-{len(provider.asked)}"}).encode()
            self.send_response(provider.answers.pop(0) if provider.answers else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield {
            "sms": "http",
            "http_sms_url": f"http://127.0.0.1:{server.server_port}/messages",
            "http_sms_auth_header": "X-Key",
            "http_sms_auth": "secret",
            "http_sms_sender": "ATHAR",
            "http_sms_body": '{"src": "$sender", "to": ["$recipient_digits"], "body": "$text", "ref": "$reference"}',
            "http_sms_receipt_field": "id",
        }
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def test_the_provider_is_asked_as_the_settings_say(open_notifications: OpenNotifications) -> None:
    provider = Provider()
    with serving(provider) as settings:
        async with open_notifications(**settings) as desk:
            await desk.hear(facts.received(email=None))
            (message,) = await messages(desk)
    assert provider.asked == [
        {"src": "ATHAR", "to": [facts.MOBILE.lstrip("+")], "body": message.body, "ref": message.id}
    ]
    assert provider.keys == ["secret"]
    assert (message.status, message.provider_reference) == (MessageStatus.SENT, "taken-1")


@pytest.mark.parametrize("status", [401, 408, 429, 500, 503, 302])
async def test_what_passes_is_retried_with_the_same_reference(
    open_notifications: OpenNotifications, status: int
) -> None:
    provider = Provider(answers=[status])
    with serving(provider) as settings:
        async with open_notifications(**settings) as desk:
            await desk.hear(facts.received(email=None))
            (message,) = await messages(desk)
            assert (message.status, message.attempts) == (MessageStatus.SENT, 2)
            assert len(await desk.told(MessageSent)) == 1
    assert [asked["ref"] for asked in provider.asked] == [message.id, message.id]


@pytest.mark.parametrize("status", [400, 403, 404, 422])
async def test_what_the_provider_will_never_take_fails(open_notifications: OpenNotifications, status: int) -> None:
    provider = Provider(answers=[status])
    with serving(provider) as settings:
        async with open_notifications(**settings) as desk:
            await desk.hear(facts.received(email=None))
            (failed,) = await desk.told()
            assert isinstance(failed, MessageFailed)
            assert failed.reason == f"http_{status}"
    assert len(provider.asked) == 1


async def test_a_provider_that_is_away_only_delays(open_notifications: OpenNotifications) -> None:
    with serving(Provider()) as settings:
        pass
    async with open_notifications(**settings) as desk:
        await desk.hear(facts.received(email=None))
        (message,) = await messages(desk)
        assert (message.status, message.error) == (MessageStatus.QUEUED, "http_ConnectError")
        assert await desk.dead() == []
