"""How far each consumer is behind each producer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from redis.exceptions import RedisError

from shared.language.events import Source
from shared.plumbing.metrics import Group, groups_of
from shared.plumbing.service import Runtime
from shared.plumbing.standing import FromSource, Standing, standing_by_source, standing_of
from shared.plumbing.timers import TIMER
from shared.plumbing.trail import Told, not_taken_in, told_lately

NEWEST = 1_000
"""Of so many of a producer's newest facts is asked whether a consumer has them."""


@dataclass(frozen=True)
class Gap:
    """One consumer behind one producer; a timer's producer is the service itself. `None` is not known."""

    producer: str
    consumer: str
    unsent: int
    oldest_unsent: timedelta
    not_taken_in: int
    unread: int | None
    unacknowledged: int | None
    waiting: FromSource

    @property
    def quiet(self) -> bool:
        return not (self.unsent or self.not_taken_in or self.unread or self.unacknowledged) and not (
            self.waiting.due or self.waiting.dead
        )


@dataclass(frozen=True)
class Producer:
    """What one service has told."""

    standing: Standing
    newest: list[Told]
    groups: dict[str, Group] | None
    """Its stream's consumer groups; `None` while the stream is away."""


async def gaps_of(runtimes: Mapping[str, Runtime]) -> list[Gap]:
    """A gap a producer and consumer, and one a service for its timers."""
    producers = {name: await _producer(runtime) for name, runtime in runtimes.items()}
    gaps = []
    for name, runtime in runtimes.items():
        async with runtime.database.read() as session:
            waiting = await standing_by_source(session, now=runtime.clock.now())
            for source in runtime.service.make_listener(runtime).sources:
                told = producers[source.value]
                group = (told.groups or {}).get(name, {})
                gaps.append(
                    Gap(
                        producer=source.value,
                        consumer=name,
                        unsent=told.standing.unsent,
                        oldest_unsent=told.standing.oldest_unsent,
                        not_taken_in=await not_taken_in(session, told.newest, source=source.value),
                        unread=group.get("lag"),
                        unacknowledged=group.get("pending"),
                        waiting=waiting.get(source.value, FromSource()),
                    )
                )
            timers = waiting.get(TIMER, FromSource())
            gaps.append(Gap(TIMER, name, 0, timedelta(), 0, unread=0, unacknowledged=0, waiting=timers))
    return sorted(gaps, key=lambda gap: (gap.producer == TIMER, list(runtimes).index(gap.consumer)))


async def _producer(runtime: Runtime) -> Producer:
    async with runtime.database.read() as session:
        standing = await standing_of(session, now=runtime.clock.now())
        newest = await told_lately(session, last=NEWEST)
    try:
        groups = await groups_of(runtime.stream, Source(runtime.service.source))
    except (RedisError, OSError):
        return Producer(standing, newest, groups=None)
    return Producer(standing, newest, groups={_name(group): group for group in groups})


def _name(group: Group) -> str:
    return group["name"].decode() if isinstance(group["name"], bytes) else str(group["name"])
