"""What the kernel takes for FastStream's broker: its loops that read, and its doors that are knocked at."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from redis.exceptions import RedisError, ResponseError

from tests.model.process import Process
from tests.model.stream import Server
from tests.model.wire import Client, Pipe

AFTER_AN_ERROR = 1.0
"""FastStream waits after a failed read; five seconds, where time is not as short as here."""


class Message:
    """What FastStream hands to a batch subscriber."""

    def __init__(self, subscriber: "Subscriber", entries: list[Any]) -> None:
        self.raw_message = {"message_ids": [one for one, _ in entries], "data": [fields for _, fields in entries]}
        self._subscriber = subscriber

    async def ack(self) -> None:
        await self._subscriber.acknowledge(self.raw_message["message_ids"])


class Subscriber:
    """FastStream's loop for one subscription: it reads new entries, or claims what another left behind."""

    def __init__(self, broker: "Broker", sub: Any, receive: Callable[..., Awaitable[None]]) -> None:
        self._client = broker.client
        self._server = broker.server
        self._sub = sub
        self._receive = receive
        self.running = False
        self.last_id = ">"
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        start = "$" if self.last_id == ">" else self.last_id
        try:
            await self._client.xgroup_create(self._sub.name, self._sub.group, id=start, mkstream=True)
        except ResponseError as error:
            if "already exists" not in str(error):
                raise
        self.running = True
        self._task = asyncio.get_running_loop().create_task(self._consume())

    async def acknowledge(self, ids: list[bytes]) -> None:
        await self._client.ask(lambda: self._server.acknowledge(self._sub.name, self._sub.group, ids))

    async def _consume(self) -> None:
        while self.running:
            try:
                entries = await self._read()
            except ResponseError:
                self.running = False
                return
            except RedisError:
                await asyncio.sleep(AFTER_AN_ERROR)
                continue
            if entries:
                # FastStream logs it, and the entries stay unacknowledged.
                with suppress(Exception):
                    await self._receive(Message(self, entries))

    async def _read(self) -> Any:
        sub, server = self._sub, self._server
        if sub.min_idle_time is None:
            return await self._client.ask(
                lambda: server.read(sub.name, sub.group, sub.consumer, count=sub.max_records),
                block=sub.polling_interval / 1000,
            )
        entries = await self._client.ask(
            lambda: server.claim(sub.name, sub.group, sub.consumer, idle=sub.min_idle_time / 1000)
        )
        if not entries:
            await asyncio.sleep(sub.polling_interval / 1000)
        return entries


class Door:
    """FastStream's subscription to a channel: whoever knocks while nobody listens is not heard."""

    def __init__(self, broker: "Broker", channel: str, receive: Callable[..., Awaitable[None]]) -> None:
        self._process = broker.client.process
        self._server = broker.server
        self._channel = channel
        self._receive = receive
        self._life = -1
        self.last_id = ""

    @property
    def running(self) -> bool:
        return True

    async def start(self) -> None:
        self._life = self._server.life
        self._server.doors.setdefault(self._channel, []).append(self.knock)

    def knock(self) -> None:
        process = self._process
        if process.alive and self._life == self._server.life:
            process.later(process.world.latency(), lambda: process.run(self._hear()))

    async def _hear(self) -> None:
        await self._receive(None)


class Broker:
    """What the kernel takes for FastStream's `RedisBroker`."""

    def __init__(self, process: Process, server: Server) -> None:
        self.client = Client(process, server)
        self.server = server
        self.subscribers: list[Subscriber | Door] = []

    async def connect(self) -> Client:
        return self.client

    async def publish(self, body: bytes, *, stream: str, pipeline: Pipe) -> None:
        pipeline.add(stream, body)

    def subscriber(
        self, channel: str | None = None, *, stream: Any = None, ack_policy: Any = None, **_: Any
    ) -> Callable[[Any], Any]:
        def register(receive: Any) -> Any:
            if stream is not None:
                assert ack_policy.name == "MANUAL", "the kernel acknowledges by itself, after its commit"
                self.subscribers.append(Subscriber(self, stream, receive))
            else:
                self.subscribers.append(Door(self, str(channel), receive))
            return receive

        return register

    async def start(self) -> None:
        for subscriber in self.subscribers:
            await subscriber.start()

    async def stop(self) -> None:
        """Nobody here is stopped gently."""
