"""One story: three services of two processes each, people who tell, everything that can go wrong, and then peace."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from shared.language.events import Source
from shared.plumbing import database as database_module
from shared.plumbing import relay as relay_module
from shared.plumbing import retention as retention_module
from shared.plumbing import service as service_module
from shared.plumbing.dead_letters import replay
from tests.model import services
from tests.model.broker import Broker
from tests.model.checks import Checks, Onlooker
from tests.model.disk import connect
from tests.model.place import Place
from tests.model.process import Process, Violated
from tests.model.services import POISON, SERVICES, Outside
from tests.model.stream import Server
from tests.model.world import World

BATCH = 3
"""Small, so that a service that has something to say says it in several appends."""
RELAY_LEASE = timedelta(seconds=3)
TIDY_EVERY = timedelta(seconds=2)
PEACE_SECONDS = 120.0
MOST_TRIPS = 2


class RandomOutside(Outside):
    """Trips a handler now and then, never one fact more often than it may be tried; the poison always."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._trips: dict[tuple[Any, ...], int] = {}

    def trip(self, service: Source, what: str, key: str, number: int) -> None:
        if self.poisonous and (service, what, key, number) == (Source.NOTIFICATIONS, services.COMPLETED, POISON, 2):
            raise RuntimeError("poison")
        about = (service, what, key, number)
        if self._world.rough and self._trips.get(about, 0) < MOST_TRIPS and self._world.chance.random() < 0.05:
            self._trips[about] = self._trips.get(about, 0) + 1
            raise RuntimeError("tripped")

    async def send(self, work: tuple[str, int]) -> None:
        await asyncio.sleep(self._world.latency())
        await super().send(work)


class InOrder(dict[Any, None]):
    """A set that is walked in the order of its making: the kernel's own is walked by address, other in every run."""

    def add(self, one: Any) -> None:
        self[one] = None


class Story:
    """The stage. What happens on it is decided by `tell`, the faults, and `peace`."""

    def __init__(self, seed: int, place: Place, *, per_service: int = 2) -> None:
        self.world = World(seed)
        self.server = Server(self.world)
        self.outside = RandomOutside(self.world)
        self.slots: dict[str, tuple[Source, Process]] = {}
        self._asked: list[tuple[Process, asyncio.Task[Any]]] = []
        self._place = place
        self._engines: list[Any] = []
        self._paths: dict[Source, str] = {}
        self._names = [(f"{source}-{n + 1}", source) for source in SERVICES for n in range(per_service)]
        self.checks: Checks

    @contextmanager
    def open(self) -> Iterator["Story"]:
        folder = Path(tempfile.mkdtemp(dir=self._place.folder))
        for source in SERVICES:
            path = folder / f"{source}.db"
            shutil.copy(self._place.empty, path)
            self._paths[source] = str(path)
        self.checks = Checks(Onlooker(source, path) for source, path in self._paths.items())
        real = database_module._engine, database_module.Connection
        real_relay = relay_module.BATCH, relay_module._unsent, service_module.RELAY_LEASE, relay_module.TIDY_EVERY
        real_listeners, retention_module.listeners_of = retention_module.listeners_of, services.listeners_of
        database_module._engine, database_module.Connection = self._take_engine, connect  # type: ignore[misc, assignment]
        relay_module.BATCH, relay_module._unsent = BATCH, relay_module._unsent.limit(BATCH)
        service_module.RELAY_LEASE, relay_module.TIDY_EVERY = RELAY_LEASE, TIDY_EVERY
        try:
            with self.world.open():
                for name, source in self._names:
                    self.start(name, source)
                yield self
        finally:
            database_module._engine, database_module.Connection = real  # type: ignore[misc]
            relay_module.BATCH, relay_module._unsent, service_module.RELAY_LEASE, relay_module.TIDY_EVERY = real_relay
            retention_module.listeners_of = real_listeners
            for engine in self._engines:
                self._place.garage.give_back(engine)
            for onlooker in self.checks.onlookers.values():
                onlooker.close()
            shutil.rmtree(folder)

    # Processes

    def start(self, name: str, source: Source) -> None:
        """A new process in this slot."""
        process = self.world.process(name)
        process.database = self._paths[source]
        process.on_commit = self.checks.onlookers[source].look
        runtime = services.runtime_of(
            source, path=process.database, outside=self.outside, broker=Broker(process, self.server)
        )
        runtime.__dict__["tracing"] = self._place.tracing
        for bell in (one for one in vars(runtime.database).values() if isinstance(one, database_module.Bell)):
            bell._waiting = InOrder()  # type: ignore[assignment]
        self.slots[name] = (source, process)

        async def work() -> None:
            async with runtime.working():
                await asyncio.Event().wait()

        process.runtime = runtime  # type: ignore[attr-defined]
        process.run(work())

    def restart(self, name: str) -> None:
        source, process = self.slots[name]
        if not process.alive:
            self.world.note(f"start {name}")
            self.start(name, source)

    def someone_of(self, source: Source) -> Process | None:
        awake = [one for of, one in self.slots.values() if of is source and one.awake]
        return self.world.chance.choice(awake) if awake else None

    # People

    def tell(self, key: str) -> None:
        """A person completes the case at whichever process answers; nobody answers when none is awake."""
        process = self.someone_of(Source.INTAKE)
        if process is not None:
            self._asked.append((process, process.run(self._complete(process, key))))

    async def _complete(self, process: Process, key: str) -> None:
        with suppress(Exception):
            async with process.runtime.database.write() as session:  # type: ignore[attr-defined]
                number = await services.complete(session, key, now=self.world.time())
            # Only the living answer.
            if process.alive:
                self.world.note(f"{process.name} answers {key} {number}")
                self.checks.answered.append((key, number))

    async def _replay(self, process: Process, message_id: int) -> None:
        async with process.runtime.database.write() as session:  # type: ignore[attr-defined]
            await replay(session, message_id=message_id, now=self.world.time())

    # The end

    def peace(self, *, within: float = PEACE_SECONDS) -> None:
        """Everything works again. Whatever was told takes effect, once, and then there is rest. Raises `Violated`."""
        world, checks = self.world, self.checks
        world.note("peace")
        world.rough = False
        self.server.up = True
        for name, (_, process) in list(self.slots.items()):
            process.wake()
            self.restart(name)
        world.run(seconds=within, until=self._nobody_asks)
        if self._poisoned():
            world.run(seconds=within, until=lambda: bool(checks.dead()) and not checks.missing(but_poison=True))
            checks.poison_waits()
            self.outside.poisonous = False
            self._revive(checks.dead()[0][1])
        world.run(seconds=within, until=self._at_rest)
        # Long enough for whatever would come twice.
        world.run(seconds=4)
        checks.at_rest(sent=self.outside.sent)
        if world.oddities:
            raise Violated(f"a loop ended: {world.oddities[0]}")

    def _poisoned(self) -> bool:
        return (POISON, 2) in self.checks.onlookers[Source.INTAKE].facts(services.TOLD)

    def _nobody_asks(self) -> bool:
        return all(asked.done() or not process.alive for process, asked in self._asked)

    def _at_rest(self) -> bool:
        return self._nobody_asks() and not self.checks.missing(but_poison=False) and not self.checks.waiting()

    def _revive(self, message_id: int) -> None:
        process = self.someone_of(Source.NOTIFICATIONS)
        assert process is not None
        process.run(self._replay(process, message_id))

    def _take_engine(self, url: str, **_: Any) -> Any:  # noqa: ARG002
        self._engines.append(engine := self._place.garage.take())
        return engine
