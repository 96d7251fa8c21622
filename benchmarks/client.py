"""A light HTTP client, the same for Athar and for the floor: one connection a walker, one request at a time on it."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import httptools


class Refused(Exception):
    """A service answered otherwise than the walk expects."""


@dataclass
class Timings:
    """How long each request took, in seconds, by the name of its step."""

    by_step: dict[str, list[float]] = field(default_factory=dict)
    looks: int = 0

    def add(self, step: str, seconds: float) -> None:
        self.by_step.setdefault(step, []).append(seconds)

    @property
    def writes(self) -> list[float]:
        return [seconds for all_of_one in self.by_step.values() for seconds in all_of_one]


class Connection(asyncio.Protocol):
    """One keep-alive connection to one service."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the service hung up"))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), bytes(self._body)))
        self._body.clear()
        self._parser = httptools.HttpResponseParser(self)

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send one request as it stands; status and body of the answer."""
        if self._transport is None:
            raise ConnectionResetError("the service hung up")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Client:
    """One person's line to the services. `addresses` says where each service answers: host, port, and path before."""

    def __init__(
        self, addresses: Mapping[str, tuple[str, int, str]], tokens: Mapping[str, str], timings: Timings
    ) -> None:
        self._addresses = addresses
        self._tokens = tokens
        self._connections: dict[tuple[str, int], Connection] = {}
        self.timings = timings

    async def get(self, service: str, path: str, *, role: str) -> Any | None:
        """What is there; nothing where there is nothing yet."""
        self.timings.looks += 1
        status, body = await self._send("GET", service, path, None, role=role, key=None)
        if status not in (200, 404):
            raise Refused(f"GET {service}{path}: {status} {body[:300]!r}")
        return json.loads(body) if status == 200 else None

    async def post(
        self, service: str, path: str, body: Any = None, *, step: str, role: str | None, key: str
    ) -> dict[str, Any]:
        """Do it, and note how long it took."""
        began = time.perf_counter()
        status, answer = await self._send("POST", service, path, body, role=role, key=key)
        self.timings.add(step, time.perf_counter() - began)
        if status >= 300:
            raise Refused(f"POST {service}{path}: {status} {answer[:300]!r}")
        return json.loads(answer) if answer else {}

    async def _send(
        self, method: str, service: str, path: str, body: Any, *, role: str | None, key: str | None
    ) -> tuple[int, bytes]:
        host, port, before = self._addresses[service]
        written = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        head = f"{method} {before}/api/v1{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(written)}\r\n"
        if body is not None:
            head += "Content-Type: application/json\r\n"
        if role is not None:
            head += f"Authorization: Bearer {self._tokens[role]}\r\n"
        if key is not None:
            head += f"Idempotency-Key: {key}\r\n"
        connection = self._connections.get((host, port))
        if connection is None or not connection.is_open:
            _, connection = await asyncio.get_running_loop().create_connection(Connection, host, port)
            self._connections[host, port] = connection
        return await connection.send(head.encode() + b"\r\n" + written)

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()
