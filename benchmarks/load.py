"""So many walkers side by side, each with one case at a time, until all cases are walked."""

import asyncio
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import uvloop

from benchmarks.client import Client, Timings
from benchmarks.stacks.running import Running
from benchmarks.walk import walk_case

_names = count(1)


@dataclass(frozen=True)
class Load:
    """What one round of complete cases came to."""

    clients: int
    cases: int
    seconds: float
    client_cpu_seconds: float
    looks: int
    latency: dict[str, float]
    by_step: dict[str, float]
    case_ids: dict[str, str]
    """The id of each case, by the name that its idempotency keys begin with."""

    @property
    def rate(self) -> float:
        return self.cases / self.seconds


def run_load(running: Running, *, clients: int, cases: int, at_rate: float | None = None) -> Load:
    """Walk `cases` cases by `clients` walkers; begun at `at_rate` a second, or as fast as it goes."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(running, clients=clients, cases=cases, at_rate=at_rate))


async def _run(running: Running, *, clients: int, cases: int, at_rate: float | None) -> Load:
    timings, ids = Timings(), dict[str, str]()
    began, cpu = time.perf_counter(), _cpu()
    numbers = iter(range(cases))

    async def walker(numbers: Iterator[int]) -> None:
        client = Client(running.addresses, running.tokens, timings)
        for number in numbers:
            if at_rate is not None and (early := began + number / at_rate - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            name = f"bench-{id(running)}-{next(_names)}"
            ids[name] = await walk_case(client, name=name)
        client.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(min(clients, cases)):
            group.create_task(walker(numbers))
    return Load(
        clients=clients,
        cases=cases,
        seconds=time.perf_counter() - began,
        client_cpu_seconds=_cpu() - cpu,
        looks=timings.looks,
        latency=percentiles(timings.writes),
        by_step={step: statistics.median(times) for step, times in timings.by_step.items()},
        case_ids=ids,
    )


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the largest, in milliseconds."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 2)

    return {"p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0), "count": float(len(ordered))}


def median_of(loads: Sequence[Load], what: Callable[[Load], float]) -> float:
    return statistics.median(what(load) for load in loads)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
