"""A stream server of this world's own: the commands that the kernel uses, and the ways in which it loses things."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from redis.exceptions import ResponseError, WatchError

from tests.model.world import World

Id = tuple[int, int]
Fields = dict[bytes, bytes]
NO_SUCH_KEY = "no such key"


def written(entry: Id) -> bytes:
    return f"{entry[0]}-{entry[1]}".encode()


@dataclass
class Group:
    delivered: Id = (0, 0)
    pending: dict[Id, tuple[str, float]] = field(default_factory=dict)
    """Who has it, and since when."""


@dataclass
class Stream:
    entries: dict[Id, Fields] = field(default_factory=dict)
    last: Id = (0, 0)
    groups: dict[str, Group] = field(default_factory=dict)


class Server:
    """All streams. Every command is done at one instant, as Redis does it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.streams: dict[str, Stream] = {}
        self.up = True
        self.life = 0
        """Counts restarts: a connection belongs to one life."""
        self.touched: dict[str, int] = {}
        self.blocked: list[Callable[[], None]] = []
        self.doors: dict[str, list[Callable[[], None]]] = {}
        self.copies: list[dict[str, Stream]] = []
        self.clock_skew = timedelta()

    # What clients ask for

    def add(self, name: str, fields: Fields) -> bytes:
        stream = self.streams.setdefault(name, Stream())
        ms = int((self.world.time() + self.clock_skew).timestamp() * 1000)
        stream.last = max((ms, 0), (stream.last[0], stream.last[1] + 1))
        stream.entries[stream.last] = fields
        self._touch(name)
        return written(stream.last)

    def info(self, name: str) -> dict[str, Any]:
        if name not in self.streams:
            raise ResponseError(NO_SUCH_KEY)
        return {"last-generated-id": written(self.streams[name].last)}

    def transaction(self, watched: dict[str, int], commands: list[Callable[[], Any]]) -> list[Any]:
        """MULTI … EXEC: all of it, or none when something watched was touched."""
        if any(self.touched.get(name, 0) != at for name, at in watched.items()):
            raise WatchError("Watched variable changed.")
        return [command() for command in commands]

    def make_group(self, name: str, group: str, *, start: str, mkstream: bool) -> None:
        if name not in self.streams:
            if not mkstream:
                raise ResponseError("The XGROUP subcommand requires the key to exist.")
            self.streams[name] = Stream()
            self._touch(name)
        stream = self.streams[name]
        if group in stream.groups:
            raise ResponseError("BUSYGROUP Consumer Group name already exists")
        stream.groups[group] = Group(delivered=stream.last if start == "$" else (0, 0))

    def read(self, name: str, group: str, consumer: str, *, count: int) -> list[tuple[bytes, Fields]]:
        at = self.group(name, group)
        new = [entry for entry in self.streams[name].entries if entry > at.delivered][:count]
        for entry in new:
            at.delivered = entry
            at.pending[entry] = (consumer, self.world.now)
        return [(written(entry), self.streams[name].entries[entry]) for entry in new]

    def claim(self, name: str, group: str, consumer: str, *, idle: float) -> list[tuple[bytes, Fields]]:
        at = self.group(name, group)
        for entry, (_, since) in sorted(at.pending.items()):
            if self.world.now - since >= idle:
                if entry not in self.streams[name].entries:
                    del at.pending[entry]
                    continue
                at.pending[entry] = (consumer, self.world.now)
                return [(written(entry), self.streams[name].entries[entry])]
        return []

    def acknowledge(self, name: str, group: str, ids: list[bytes]) -> None:
        if name in self.streams and group in self.streams[name].groups:
            for one in ids:
                ms, n = one.decode().split("-")
                self.streams[name].groups[group].pending.pop((int(ms), int(n)), None)

    def groups(self, name: str) -> list[dict[str, Any]]:
        if name not in self.streams:
            raise ResponseError(NO_SUCH_KEY)
        return [
            {"name": group.encode(), "pending": len(at.pending), "last-delivered-id": written(at.delivered)}
            for group, at in self.streams[name].groups.items()
        ]

    def pending(self, name: str, group: str) -> dict[str, Any]:
        at = self.group(name, group)
        return {"pending": len(at.pending), "min": written(min(at.pending)) if at.pending else None}

    def trim(self, name: str, minid: str) -> None:
        if name in self.streams:
            ms, n = minid.split("-")
            stream = self.streams[name]
            stream.entries = {entry: what for entry, what in stream.entries.items() if entry >= (int(ms), int(n))}
            self._touch(name)

    def knock(self, channel: str) -> None:
        for heard in self.doors.get(channel, ()):
            heard()

    def group(self, name: str, group: str) -> Group:
        if name not in self.streams or group not in self.streams[name].groups:
            raise ResponseError(f"NOGROUP No such key '{name}' or consumer group '{group}'")
        return self.streams[name].groups[group]

    # What befalls it

    def wipe(self) -> None:
        """FLUSHALL: connections stay, whoever watched a stream that was there has to begin anew."""
        self.world.note("the stream is wiped")
        for name in self.streams:
            self._touch(name)
        self.streams.clear()

    def lose_tail(self, name: str, entries: int) -> None:
        """Killed before its last second was on disk: back to a moment ago, all connections cut."""
        self.world.note(f"{name} loses its last {entries}")
        if name in self.streams:
            stream = self.streams[name]
            kept = list(stream.entries.items())[: max(0, len(stream.entries) - entries)]
            stream.entries = dict(kept)
            stream.last = kept[-1][0] if kept else (0, 0)
            for group in stream.groups.values():
                group.delivered = min(group.delivered, stream.last)
                group.pending = {entry: who for entry, who in group.pending.items() if entry <= stream.last}
        self.restart()

    def keep_copy(self) -> None:
        """What a replica, or a file on disk, has of it at this moment."""
        self.copies = [*self.copies[-3:], deepcopy(self.streams)]

    def restore(self, which: int) -> None:
        """An older file, or a replica that lagged, takes over."""
        if self.copies:
            self.world.note(f"the stream is restored from copy {which}")
            self.streams = deepcopy(self.copies[which % len(self.copies)])
            self.restart()

    def restart(self) -> None:
        self.life += 1
        for name in self.streams:
            self._touch(name)

    def deliver_again(self, name: str, group: str) -> None:
        """The group stands at the beginning again (`XGROUP SETID … 0`): everything comes once more."""
        self.world.note(f"{name} is delivered again to {group}")
        if name in self.streams and group in self.streams[name].groups:
            self.streams[name].groups[group].delivered = (0, 0)
            self._wake_blocked()

    def _touch(self, name: str) -> None:
        self.touched[name] = self.touched.get(name, 0) + 1
        self._wake_blocked()

    def _wake_blocked(self) -> None:
        blocked, self.blocked = self.blocked, []
        for look in blocked:
            self.world.later(0.0001, look)
