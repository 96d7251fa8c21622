"""Lines that are slow, heads without end, bodies that nobody asked for: each ends, and nothing is written."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn

from athar.stack.embedded import Server
from athar.stack.listening import http_options
from shared.plumbing.edge.connections import GuardedProtocol
from tests.contracts.problem import everything_written
from tests.edge import papers
from tests.edge.file_desk import FileDesk
from tests.edge.line import call, head
from tests.harness.desk import Desk
from tests.plumbing.waiting import eventually

OPEN = "/api/v1/public/requests"


class Hasty(GuardedProtocol):
    """As in production, with less patience."""

    head_seconds = 1.0
    linger_seconds = 0.5


@asynccontextmanager
async def street(desk: Desk, **options: Any) -> AsyncIterator[int]:
    """The desk behind a real server; its port."""
    app = desk.client._transport.app  # type: ignore[attr-defined]
    usual = http_options(desk.runtime.settings) | {"http": Hasty, "lifespan": "off"} | options
    server = Server(uvicorn.Config(app, host="127.0.0.1", port=0, **usual))
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.stop()
        await serving


@pytest.fixture
async def port(intake: Desk) -> AsyncIterator[int]:
    async with street(intake) as port:
        yield port


async def test_a_head_of_a_megabyte_is_refused(port: int, intake: Desk) -> None:
    before = everything_written(intake)
    async with call(port) as line:
        await line.say(head(X_Long="x" * 1_000_000))
        await line.is_refused(431, "head_too_large")
        await line.ends()
    assert everything_written(intake) == before


async def test_a_head_that_never_ends_is_refused_before_it_fills_the_memory(port: int) -> None:
    async with call(port) as line:
        await line.say(b"GET /health HTTP/1.1\r\nX-Long: ")
        with suppress(ConnectionError):
            for _ in range(200):
                await line.say(b"x" * 8_192)
        await line.is_refused(431, "head_too_large")


async def test_an_address_of_a_megabyte_and_a_thousand_lines_are_refused(port: int) -> None:
    for said in (head("/" + "x" * 1_000_000), head(**{f"X_{number}": 1 for number in range(101)})):
        async with call(port) as line:
            await line.say(said)
            await line.is_refused(431, "head_too_large")


async def test_a_head_as_large_as_people_need_is_taken(port: int) -> None:
    async with call(port) as line:
        await line.say(head(Cookie="x" * 8_000, Authorization="Bearer " + "y" * 8_000))
        assert (await line.answer())[0] == 200


async def test_a_head_that_comes_a_letter_at_a_time_is_given_up(port: int) -> None:
    async with call(port) as line:
        await line.say(b"GET /health HTTP/1.1\r\nX-Slow: ")
        await line.is_refused(408, "request_too_slow")
        await line.ends()


async def test_a_line_on_which_nothing_is_said_is_let_go(port: int) -> None:
    async with call(port) as line:
        await line.ends()


async def test_a_second_request_on_a_line_has_its_head_bounded_too(port: int) -> None:
    async with call(port) as line:
        await line.say(head())
        assert (await line.answer())[0] == 200
        await line.say(b"GET /health HTTP/1.1\r\nX-Slow: ")
        await line.is_refused(408, "request_too_slow")
    async with call(port) as line:
        await line.say(head())
        assert (await line.answer())[0] == 200
        await line.say(head(X_Long="x" * 500_000))
        await line.is_refused(431, "head_too_large")


async def test_many_requests_on_one_line_are_answered_in_their_order(port: int) -> None:
    async with call(port) as line:
        await line.say(head() + head("/nowhere") + head())
        assert [(await line.answer())[0] for _ in range(3)] == [200, 404, 200]


async def test_what_is_no_http_is_refused_in_words(port: int) -> None:
    for said in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"HELLO\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        async with call(port) as line:
            await line.say(said)
            await line.is_refused(400, "not_http")


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: five\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Transfer-Encoding: chunked, gzip\r\n",
        "Host: another.test\r\n",
        "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
        "Idempotency-Key: a\r\nIdempotency-Key: b\r\n",
        "Content-Type: application/json\r\nContent-Type: text/html\r\n",
        "X-Bad : space before the colon\r\n",
        " folded: header\r\n",
    ],
)
async def test_a_head_that_can_be_read_in_two_ways_is_refused(port: int, intake: Desk, lines: str) -> None:
    before = everything_written(intake)
    async with call(port) as line:
        await line.say(f"POST {OPEN} HTTP/1.1\r\nHost: athar.test\r\n{lines}\r\n".encode() + b"0\r\n\r\n")
        status, _, body = await line.answer()
        assert status in {400, 413, 422}, body
        assert json.loads(body)["code"] in {"not_http", "malformed", "body_too_large"}
    assert everything_written(intake) == before


async def test_a_body_shorter_than_it_says_writes_nothing(port: int, intake: Desk) -> None:
    before = everything_written(intake)
    async with call(port) as line:
        await line.say(head(OPEN, "POST", Content_Length=500, Content_Type="application/json") + b'{"a": 1')
        line.writer.write_eof()
        await line.ends()
    assert everything_written(intake) == before


async def test_a_body_that_comes_a_letter_at_a_time_is_given_up(intake: Desk) -> None:
    intake.runtime.settings = intake.runtime.settings.model_copy(update={"body_seconds": 0.5})
    before = everything_written(intake)
    async with street(intake) as port, call(port) as line:
        await line.say(head(OPEN, "POST", Content_Length=500, Content_Type="application/json"), b"{", b'"')
        await line.is_refused(408, "request_too_slow")
        await line.ends()
    assert everything_written(intake) == before


async def test_a_body_that_nobody_reads_does_not_hold_the_line(port: int) -> None:
    async with call(port) as line:
        await line.say(head("/health", "GET", Content_Length=10_000_000), b"x")
        assert (await line.answer())[0] == 200
        await line.ends()


async def test_who_sends_its_body_late_is_answered_and_the_line_goes_on(port: int) -> None:
    async with call(port) as line:
        await line.say(head("/nowhere", "POST", Content_Length=10))
        assert (await line.answer())[0] == 404
        await line.say(b"x" * 10, head())
        assert (await line.answer())[0] == 200


async def test_a_file_that_comes_slowly_is_given_up_and_nothing_of_it_is_left(papers_desk: FileDesk) -> None:
    desk = papers_desk.office.desk
    desk.runtime.settings = desk.runtime.settings.model_copy(update={"upload_seconds": 0.5})
    headers = papers_desk.headers() | {"Content-Type": "image/jpeg", "Content-Length": "5000"}
    before = everything_written(desk)
    async with street(desk) as port, call(port) as line:
        await line.say(head(papers_desk.path, "POST", **headers), papers.image()[:100])
        await line.is_refused(408, "request_too_slow")
    assert everything_written(desk) == before
    assert (papers_desk.kept(), papers_desk.drafts()) == ([], [])


async def test_a_file_that_breaks_off_leaves_nothing(papers_desk: FileDesk) -> None:
    desk = papers_desk.office.desk
    headers = papers_desk.headers() | {"Content-Type": "image/jpeg", "Content-Length": "5000"}
    before = everything_written(desk)
    async with street(desk) as port:
        async with call(port) as line:
            await line.say(head(papers_desk.path, "POST", **headers), papers.image()[:100])
        async with call(port) as line:
            await line.say(head())
            assert (await line.answer())[0] == 200
    assert everything_written(desk) == before
    assert (papers_desk.kept(), papers_desk.drafts()) == ([], [])


@pytest.mark.parametrize(
    ("trusted", "seen"), [("", "127.0.0.1"), ("127.0.0.1", "203.0.113.9"), ("10.0.0.0/8", "127.0.0.1")]
)
async def test_whose_request_it_is_is_said_by_a_trusted_proxy_alone(intake: Desk, trusted: str, seen: str) -> None:
    asked: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001
        asked.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    intake.runtime.settings = intake.runtime.settings.model_copy(update={"trusted_proxies": trusted})
    intake.client._transport.app = app  # type: ignore[attr-defined]
    async with street(intake) as port, call(port) as line:
        await line.say(head(X_Forwarded_For="203.0.113.9"))
        assert (await line.answer())[0] == 200
    assert asked == [seen]
