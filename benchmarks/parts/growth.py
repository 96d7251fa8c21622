"""What each operation costs with 1,000 and with 100,000 cases in the tables of all four services.

Two stacks run side by side, and each operation is done on the one and on the other in turn, so that whatever else the
machine does hits both. Half of the calls go to the copied cases, wherever they lie.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from athar.stack.valkey import EmbeddedValkey
from benchmarks.bench import EMBEDDED, Bench
from benchmarks.client import Client, Timings
from benchmarks.grown import grow
from benchmarks.ledger import at_rest, query
from benchmarks.load import run_load
from benchmarks.parts.stream import STAGES, stages
from benchmarks.stacks.running import Running, settings_of, wait_for
from benchmarks.walk import FRONT, OPERATOR, request
from shared.language.roles import Role
from shared.plumbing.origin import new_id

BAR = 1.2
KNOWN_CASES = 200
WALKED, WALKERS = 12, 4


@dataclass(frozen=True)
class Grown:
    """A stack with so many cases, and the ids of some of them."""

    running: Running
    cases: int
    known: list[str]


def run(bench: Bench) -> dict[str, Any]:
    """Median milliseconds of each operation by size, and the ratio to the smallest size."""
    kind = bench.kinds[-1] if bench.growth_on_servers else EMBEDDED
    small, *larger = bench.sizes.grown
    found: dict[str, Any] = {"stack": kind, "sizes": list(bench.sizes.grown)}
    for size in larger:
        with ExitStack() as stack:
            first = _grown(bench, stack, kind, small)
            # The smallest run of all compares a stack with itself.
            pair = [first, first if size == small else _grown(bench, stack, kind, size)]
            found[str(size)] = _compare(bench, pair)
    return found


def _grown(bench: Bench, stack: ExitStack, kind: str, cases: int) -> Grown:
    running = stack.enter_context(bench.athar(kind))
    run_load(running, clients=1, cases=1)
    wait_for("rest", lambda: at_rest(running))
    running.end_all()
    began = time.perf_counter()
    grow(running, cases=cases)
    bench.say(f"  {kind}: {cases:,} cases filled in {time.perf_counter() - began:.0f} s")
    every = max(cases // KNOWN_CASES, 1)
    rows = query(running, "intake", f"SELECT id FROM cases ORDER BY id LIMIT {cases}")  # noqa: S608
    return Grown(running, cases, [str(row[0]) for row in rows[::every]])


def _compare(bench: Bench, pair: list[Grown]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    number = bench.sizes.events // 4
    rounds = [[_stages(one, number) for one in pair] for _ in range(bench.sizes.repeats)]
    for stage in STAGES:
        # The quicker of the rounds: what is slow in one of them alone is somebody else.
        best = [min(took[place][stage] for took in rounds) for place in range(len(pair))]
        found[f"{stage}, an event"] = _ratio(*(seconds * 1000 / number for seconds in best))
    for running in {id(one.running): one.running for one in pair}.values():
        running.start_again()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found |= runner.run(_calls(pair, bench.sizes.calls))
    walked = min(WALKED, bench.sizes.most_cases)
    for one in pair:
        run_load(one.running, clients=WALKERS, cases=WALKERS)
    cpu: list[list[float]] = [[], []]
    for _ in range(bench.sizes.repeats):
        for one, used in zip(pair, cpu, strict=True):
            before = _cpu(one.running)
            run_load(one.running, clients=WALKERS, cases=walked)
            wait_for("rest", lambda one=one: at_rest(one.running))  # type: ignore[misc]
            used.append((_cpu(one.running) - before) / walked * 1000)
    found["a complete case (CPU of the server)"] = _ratio(*(statistics.median(used) for used in cpu))
    for name, one in found.items():
        bench.say(f"  {name}: {one['small_ms']:.2f} ms, {one['large_ms']:.2f} ms, × {one['ratio']:.2f}")
    return found


def _stages(one: Grown, number: int) -> dict[str, float]:
    with _stream_of(one.running):
        return stages(one.running, side="athar", what="each", number=number)


@contextmanager
def _stream_of(running: Running) -> Iterator[None]:
    """The stack's stream while the stack is down; its settings for a process of ours."""
    if not running.on_sqlite:
        yield
        return
    data = Path(running.databases["intake"].partition("///")[2]).parent
    valkey, before = EmbeddedValkey(data / "stream"), running.environment
    valkey.start()
    running.environment = settings_of(running.databases, valkey.url, data / "secrets")
    try:
        yield
    finally:
        running.environment = before
        valkey.stop()


async def _calls(pair: list[Grown], number: int) -> dict[str, Any]:
    clients = [Client(one.running.addresses, one.running.tokens, Timings()) for one in pair]
    found = {}
    for name, call in OPERATIONS.items():
        times: tuple[list[float], list[float]] = ([], [])
        for turn in range(number):
            for one, client, its_times in zip(pair, clients, times, strict=True):
                began = time.perf_counter()
                await call(client, one, turn)
                its_times.append(time.perf_counter() - began)
        # The first calls fill caches.
        found[name] = _ratio(*(statistics.median(its_times[number // 10 :]) * 1000 for its_times in times))
    for client in clients:
        client.close()
    return found


def _known(one: Grown, turn: int) -> str:
    return one.known[turn % len(one.known)]


Operation = Callable[[Client, Grown, int], Awaitable[Any]]


def _get(service: str, path: str, role: Role = FRONT) -> Operation:
    async def call(client: Client, one: Grown, turn: int) -> None:
        if await client.get(service, path.format(case=_known(one, turn)), role=role) is None:
            raise LookupError(path)

    return call


async def _new_request(client: Client, _: Grown, __: int) -> None:
    await client.post("intake", "/cases", request(), step="draft", role=FRONT, key=f"grown-{new_id()}")


OPERATIONS: dict[str, Operation] = {
    "a new request": _new_request,
    "a page of the list": _get("intake", "/cases?limit=50"),
    "a page deep in the list": _get("intake", "/cases?limit=50&after={case}"),
    "a page by status": _get("intake", "/cases?status=closed&limit=50"),
    "a case": _get("intake", "/cases/{case}"),
    "the story of a case": _get("intake", "/cases/{case}/timeline"),
    "the body's page": _get("research", "/reviews?limit=50", Role.SOCIAL_RESEARCHER),
    "the messages of a case": _get("notifications", "/messages?case_id={case}", OPERATOR),
    "how intake's messages stand": _get("intake", "/operations/messages", Role.PLATFORM_OPERATOR),
    "how notifications' messages stand": _get("notifications", "/operations/messages", Role.PLATFORM_OPERATOR),
}


def _cpu(running: Running) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in running.all_processes())


def _ratio(small: float, large: float) -> dict[str, float]:
    return {"small_ms": small, "large_ms": large, "ratio": large / max(small, 0.001)}
