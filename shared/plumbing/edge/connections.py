"""One connection of a browser or a proxy: its head bounded in size and time, and no body read that nobody waits for.

Uvicorn bounds neither: a head may be of any size and take for ever, and a body that was refused is read to its end.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from shared.language.errors import HeadTooLarge, NotHttp, Refusal, RequestTooSlow
from shared.plumbing.edge.headers import HEADERS
from shared.plumbing.problems import MEDIA_TYPE, problem_of

HEAD_BYTES = 32_768
HEAD_LINES = 100
HEAD_SECONDS = 10.0
LINGER_SECONDS = 5.0
LINGER_BYTES = 2_000_000
"""What is still read and dropped after an answer was given early: who sends finds the answer, not a torn line."""


class GuardedProtocol(HttpToolsProtocol):
    """HTTP with an end to everything."""

    head_seconds = HEAD_SECONDS
    linger_seconds = LINGER_SECONDS

    _head_bytes = 0
    _in_head = True
    _left_over = 0
    _refused = False
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            self._drop(len(data))
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self._refuse(HeadTooLarge(limit=HEAD_BYTES))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self._in_head:
            self._head_bytes = 1
            self._await_head()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_watch()
        if self._refused:
            return
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > HEAD_BYTES or len(self.headers) > HEAD_LINES:
            self._refuse(HeadTooLarge(limit=HEAD_BYTES))
            return
        self._left_over = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self._refused:
            return
        super().on_body(body)
        if self.cycle.response_complete:
            self._drop(len(body))

    def on_message_complete(self) -> None:
        if self._refused:
            return
        self._stop_watch()
        super().on_message_complete()
        self.cycle.more_body = False
        if self.cycle.response_complete and not self.transport.is_closing():
            # The end of a body that nobody waited for: from here on the connection idles like any other.
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_response_complete(self) -> None:
        more_body = self.cycle.more_body and not self.pipeline
        super().on_response_complete()
        if more_body and not self.transport.is_closing():
            self._stop_watch()
            self._watch = self.loop.call_later(self.linger_seconds, self.transport.close)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are English alone
        self._refuse(NotHttp())

    def _await_head(self) -> None:
        self._in_head = True
        self._stop_watch()
        self._watch = self.loop.call_later(self.head_seconds, self._too_slow)

    def _too_slow(self) -> None:
        if self._head_bytes:
            self._refuse(RequestTooSlow(seconds=int(self.head_seconds)))
        else:
            # Nothing was asked, so nothing is answered.
            self.transport.close()

    def _stop_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _refuse(self, refusal: Refusal) -> None:
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._stop_watch()
        if self.cycle is None or (self.cycle.response_complete and not self.cycle.more_body):
            self.transport.write(_answer(refusal))
            self.transport.write_eof()
            self._watch = self.loop.call_later(self.linger_seconds, self.transport.close)
        elif self.cycle.more_body:
            # What was wrong is the body of a request that waits for it.
            self.transport.close()
        else:
            # An earlier request's answer is on its way, and ours would stand in its midst.
            self.cycle.keep_alive = False

    def _drop(self, size: int) -> None:
        self._left_over += size
        if self._left_over > LINGER_BYTES:
            self.transport.close()


def _answer(refusal: Refusal) -> bytes:
    body = problem_of(refusal, language="ar").model_dump_json().encode()
    lines: dict[str, Any] = {
        "Content-Type": MEDIA_TYPE,
        "Content-Length": len(body),
        "Connection": "close",
        **HEADERS,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return STATUS_LINE[refusal.status] + head.encode() + b"\r\n" + body
