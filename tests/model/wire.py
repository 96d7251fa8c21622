"""The way to the stream and back, as redis-py goes it.

A request travels, is done, and its answer travels back. Each way takes its time, may be cut, or takes too long.
"""

from collections.abc import Callable
from typing import Any

from redis.exceptions import ConnectionError as Cut
from redis.exceptions import RedisError, WatchError

from shared.plumbing.inbox import DATA
from tests.model.process import Process
from tests.model.stream import Server

SOCKET_TIMEOUT = 2.0


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

    async def xinfo_groups(self, name: str) -> list[dict[str, Any]]:
        groups: list[dict[str, Any]] = await self._under_watch(lambda: self._server.groups(name))
        return groups

    async def xpending(self, name: str, groupname: str) -> dict[str, Any]:
        pending: dict[str, Any] = await self._under_watch(lambda: self._server.pending(name, groupname))
        return pending

    def xtrim(self, name: str, *, minid: str, approximate: bool, limit: int) -> None:  # noqa: ARG002
        self._commands.append(lambda: self._server.trim(name, minid))

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

    async def ask(self, command: Callable[[], Any], **options: Any) -> Any:
        # A pool hands out a connection that works.
        return await Wire(self.process, self._server).ask(command, **options)
