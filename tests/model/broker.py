"""The client's side of the stream: what the kernel takes for FastStream's broker and redis-py's client.

A request travels, is done, and its answer travels back. Each way takes its time, may be cut, or takes too long.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from redis.exceptions import ConnectionError as Cut
from redis.exceptions import RedisError, ResponseError, WatchError

from shared.plumbing.inbox import DATA
from tests.model.stream import Server
from tests.model.world import Process

SOCKET_TIMEOUT = 2.0
AFTER_AN_ERROR = 1.0
"""FastStream waits after a failed read; five seconds, where time is not as short as here."""


class Wire:
    """One connection of one process. It lives as long as the server that it was made to, and not one error longer."""

    def __init__(self, process: Process, server: Server) -> None:
        self._process = process
        self._server = server
        self._life: int | None = None

    async def ask(self, command: Callable[[], Any], *, block: float = 0.0) -> Any:
        """Have the server do `command`. Raises what it answers, or `ConnectionError`: done or not, nobody knows."""
        process, server, world = self._process, self._server, self._process.world
        if process.buried:
            raise Cut("buried")
        answer = process.loop.create_future()
        if self._life is None:
            self._life = server.life
        life, began = self._life, world.now
        lost = (world.chance.random() < 0.004, world.chance.random() < 0.004) if world.rough else (False, False)

        def back(result: Any) -> None:
            way = world.latency()
            if not process.alive or world.now + way - began > SOCKET_TIMEOUT + block:
                return
            if lost[1]:
                world.note(f"{process.name} loses an answer")
                result = Cut("the answer was lost")
            process.later(way, lambda: process.answer(answer, result))

        finished = False

        def arrive() -> None:
            nonlocal finished
            # Whoever waits blocked and went away gets nothing; a request that was sent is done all the same.
            if finished or (block and answer.done()):
                return
            if not server.up or life != server.life or lost[0]:
                finished = True
                back(Cut("the connection was cut"))
                return
            try:
                result = command()
            except RedisError as error:
                result = error
            if block and not result and world.now < began + block:
                server.blocked.append(arrive)
                return
            finished = True
            back(result)

        def leave() -> None:
            # Once it has left it arrives, whatever becomes of the sender.
            world.later(world.latency(), arrive)
            if block:
                world.later(block + 0.01, arrive)
            process.later(
                SOCKET_TIMEOUT + block,
                lambda: process.answer(answer, Cut("timed out")),
                still=lambda: not answer.done(),
            )

        process.later(0, leave)
        try:
            return await answer
        except Cut:
            self._life = None
            raise


class Pipe:
    """A transaction under WATCH, as redis-py makes it: a connection lost while watching is a `WatchError`."""

    watches = True
    """A test switches it off to see what WATCH is for."""

    def __init__(self, process: Process, server: Server) -> None:
        self._wire = Wire(process, server)
        self._server = server
        self._watched: dict[str, int] = {}
        self._commands: list[Callable[[], Any]] = []

    async def __aenter__(self) -> "Pipe":
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def watch(self, name: str) -> None:
        def remember() -> None:
            self._watched[name] = self._server.touched.get(name, 0)

        await self._wire.ask(remember)

    async def xinfo_stream(self, name: str) -> dict[str, Any]:
        info: dict[str, Any] = await self._under_watch(lambda: self._server.info(name))
        return info

    def multi(self) -> None:
        self._commands = []

    def add(self, name: str, body: bytes) -> None:
        self._commands.append(lambda: self._server.add(name, {DATA: body}))

    async def execute(self) -> list[bytes]:
        watched = self._watched if self.watches else {}
        entries: list[bytes] = await self._under_watch(lambda: self._server.transaction(watched, self._commands))
        return entries

    async def _under_watch(self, command: Callable[[], Any]) -> Any:
        try:
            return await self._wire.ask(command)
        except Cut as error:
            raise WatchError("the connection was lost while watching") from error


class Client:
    """The few commands that the kernel sends outside a pipeline."""

    def __init__(self, process: Process, server: Server) -> None:
        self.process = process
        self._server = server

    def pipeline(self, *, transaction: bool) -> Pipe:
        assert transaction, "without MULTI an append that fails lets the next one overtake it"
        return Pipe(self.process, self._server)

    async def xgroup_create(self, name: str, groupname: str, id: str, mkstream: bool) -> None:  # noqa: A002, FBT001
        await self.ask(lambda: self._server.make_group(name, groupname, start=id, mkstream=mkstream))

    async def xinfo_consumers(self, name: str, groupname: str) -> list[Any]:
        await self.ask(lambda: self._server.group(name, groupname))
        return []

    async def publish(self, channel: str, _: bytes) -> None:
        await self.ask(lambda: self._server.knock(channel))

    async def xinfo_groups(self, name: str) -> list[dict[str, Any]]:
        groups: list[dict[str, Any]] = await self.ask(lambda: self._server.groups(name))
        return groups

    async def xpending(self, name: str, groupname: str) -> dict[str, Any]:
        pending: dict[str, Any] = await self.ask(lambda: self._server.pending(name, groupname))
        return pending

    async def xtrim(self, name: str, *, minid: str, approximate: bool) -> None:  # noqa: ARG002
        await self.ask(lambda: self._server.trim(name, minid))

    async def ask(self, command: Callable[[], Any], **options: Any) -> Any:
        # A pool hands out a connection that works.
        return await Wire(self.process, self._server).ask(command, **options)


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
