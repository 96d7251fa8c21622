"""A wire that can be cut: a TCP proxy before a server, which resets, refuses, holds back, slows and forgets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65536


@dataclass(eq=False)
class Wire:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    forgotten: bool = False

    def reset(self) -> None:
        for end in (self.client, self.server):
            end.transport.abort()


@dataclass
class Proxy:
    """The wires to one server."""

    host: str
    port: int
    own_port: int = 0
    refusing: bool = False
    delay: float = 0.0
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _wires: set[Wire] = field(default_factory=set)

    def cut(self) -> int:
        """Reset every connection; how many that were."""
        wires = list(self._wires)
        for wire in wires:
            wire.reset()
        return len(wires)

    def hold(self) -> None:
        """Let nothing through, and tell nobody."""
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    def forget(self) -> int:
        """Half-open: what is connected now stays so and never hears anything again; new connections work."""
        wires = list(self._wires)
        for wire in wires:
            wire.forgotten = True
        return len(wires)

    def clear(self) -> None:
        """A wire without faults."""
        self.refusing, self.delay = False, 0.0
        self.cut()
        self.flow()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        try:
            server_reader, server = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.transport.abort()
            return
        wire = Wire(writer, server)
        self._wires.add(wire)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._carry(wire, reader, server))
                group.create_task(self._carry(wire, server_reader, writer))
        finally:
            self._wires.discard(wire)
            wire.reset()

    async def _carry(self, wire: Wire, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while some := await reader.read(CHUNK):
                await self._flowing.wait()
                if self.delay:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self.delay):
                            await asyncio.Event().wait()
                if not wire.forgotten:
                    writer.write(some)
                    await writer.drain()
        if not wire.forgotten:
            writer.close()


@asynccontextmanager
async def open_proxy(host: str, port: int) -> AsyncIterator[Proxy]:
    """A proxy on a free port of this machine."""
    proxy = Proxy(host, port)
    proxy.flow()
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.own_port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.clear()
