"""What every part is given: where to work, how large to be, which stacks to use, and somebody to tell."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.stacks.athar import athar_embedded, athar_on_servers, prepare_on_servers
from benchmarks.stacks.floor import floor_embedded, floor_on_servers, prepare_embedded, valkey_in
from benchmarks.stacks.running import Running
from benchmarks.stacks.servers import Servers

EMBEDDED, POSTGRES = "embedded", "postgres"


@dataclass(frozen=True)
class Sizes:
    """How much of everything. The small ones prove that it works; the full ones take some ten minutes in all."""

    clients: tuple[int, ...] = (1, 8, 64)
    seconds_a_round: float = 5.0
    most_cases: int = 400
    repeats: int = 2
    warm_up: int = 2
    events: int = 2_000
    catch_up_events: int = 8_750
    """An hour of 10,000 cases a day, all in eight hours: 1,250 cases with seven facts each that research hears."""
    latency_seconds: float = 12.0
    grown: tuple[int, ...] = (1_000, 100_000)
    calls: int = 150
    starts: int = 3
    import_rows: int = 5_000


TINY = Sizes(
    clients=(2,),
    seconds_a_round=0.1,
    most_cases=2,
    repeats=1,
    warm_up=1,
    events=20,
    catch_up_events=40,
    latency_seconds=0.5,
    grown=(20, 20),
    calls=4,
    starts=1,
    import_rows=20,
)


@dataclass
class Bench:
    """One run of the benchmarks."""

    folder: Path
    sizes: Sizes
    servers: Servers | None
    say: Callable[[str], None]
    only: tuple[str, ...] = ()
    """The stacks to measure; all that there are when none is named."""
    growth_on_servers: bool = False
    rates: dict[str, float] = field(default_factory=dict)
    """Complete cases a second by stack, for the parts that need to know what full load is."""
    _held: dict[str, Running] | None = None
    _open: ExitStack = field(default_factory=ExitStack)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def kinds(self) -> list[str]:
        there = [EMBEDDED] if self.servers is None else [EMBEDDED, POSTGRES]
        return [kind for kind in there if not self.only or kind in self.only]

    @contextmanager
    def one_of_each(self) -> Iterator[None]:
        """Inside the block all parts share one Athar and one floor a kind: quick, and no measure of anything."""
        with ExitStack() as stack:
            self._held, self._open = {}, stack
            yield
        self._held = None

    def athar(self, kind: str, *, module: str = "athar") -> AbstractContextManager[Running]:
        """Athar on `kind`, new and empty."""
        return self._make(
            kind, partial(athar_embedded, module=module), partial(athar_on_servers, module=module), name="athar"
        )

    def floor(self, kind: str) -> AbstractContextManager[Running]:
        """The floor on `kind`, new and empty."""
        embedded = partial(floor_embedded, like=self._empty)
        return self._make(kind, embedded, floor_on_servers, name="floor")

    @contextmanager
    def tables_only(self, kind: str) -> Iterator[Running]:
        """Databases with Athar's tables and a stream; no process of ours."""
        folder = self._new_folder("tables")
        if self.servers is not None and kind == POSTGRES:
            running = prepare_on_servers("tables", folder, self.servers)
            try:
                yield running
            finally:
                running.end_all()
            return
        running = prepare_embedded("tables", folder, like=self._empty)
        with valkey_in(folder):
            try:
                yield running
            finally:
                running.end_all()

    @cached_property
    def _empty(self) -> Running:
        """Migrated once: the same empty tables for all that need them embedded."""
        return prepare_embedded("empty", self._new_folder("empty"))

    def _make(self, kind: str, embedded: Any, on_servers: Any, *, name: str) -> AbstractContextManager[Running]:
        if self._held is not None and f"{name} {kind}" in self._held:
            return nullcontext(self._held[f"{name} {kind}"])
        folder = self._new_folder(f"{name}-{kind}")
        stack: AbstractContextManager[Running]
        stack = embedded(folder) if kind == EMBEDDED else on_servers(folder, self.servers)
        if self._held is None:
            return stack
        self._held[f"{name} {kind}"] = running = self._open.enter_context(stack)
        return nullcontext(running)

    def _new_folder(self, name: str) -> Path:
        return self.folder / f"{next(self._numbers)}-{name}"
