"""What Prometheus reads of a service: its requests as this process counted them, its messages as the database has them.

The second are true whichever process is asked: a worker needs no port of its own.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.language.events import Source
from shared.plumbing.clock import Clock
from shared.plumbing.database import Database
from shared.plumbing.envelope import stream_of
from shared.plumbing.readiness import Readiness
from shared.plumbing.standing import Standing, standing_of
from shared.plumbing.tracing import Tracing

CONTENT_TYPE = CONTENT_TYPE_LATEST
PATIENCE_SECONDS = 3
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"

Group = dict[str, Any]

disable_created_metrics()  # type: ignore[no-untyped-call]
"""When each series began, which nobody asks, would be one more line for each of them."""


class Requests:
    """Counts the requests of one service in this process, by route template: a path may name a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answered = Counter(
            "athar_http_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._took = Histogram(
            "athar_http_request_seconds", "How long an answer took.", ["method", "route"], registry=self.registry
        )

    def note(self, scope: Scope, *, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", NO_ROUTE)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._answered.labels(method, route, str(status)).inc()
        self._took.labels(method, route).observe(seconds)


class Watched:
    """The app with its requests counted, and its spans under the service's own name."""

    def __init__(self, app: ASGIApp, *, requests: Requests, tracing: Tracing) -> None:
        self._app = app
        self._requests = requests
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            with self._tracing.at_hand():
                await self._app(scope, receive, noting)
        finally:
            self._requests.note(scope, status=status, seconds=time.perf_counter() - began)


async def groups_of(stream: Redis, source: Source) -> list[Group]:
    """The consumer groups on a service's stream; none while there is no stream."""
    try:
        groups: list[Group] = await stream.xinfo_groups(stream_of(source))
        newest = (await stream.xinfo_stream(stream_of(source)))["last-generated-id"]
    except ResponseError as error:
        if "no such key" not in str(error):
            raise
        return []
    # The server's own count goes wrong, and stays wrong, where it lost its last second: who has the newest has all.
    return [group | {"lag": 0} if group["last-delivered-id"] == newest else group for group in groups]


async def exposition(
    *, source: Source, database: Database, stream: Redis, clock: Clock, requests: Requests, readiness: Readiness
) -> bytes:
    """The page that Prometheus reads. What cannot be read now is left out, and its part said to be down."""
    families = [_parts(readiness)]
    well = {part.name for part in readiness.parts if part.ok}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            if "database" in well:
                async with database.read() as session:
                    families += _messages(await standing_of(session, now=clock.now()))
            if "stream" in well:
                families += _groups(await groups_of(stream, source))
    except (DBAPIError, PoolTimeout, RedisError, OSError, TimeoutError):
        pass
    registry = CollectorRegistry()
    registry.register(_Read(families))
    return generate_latest(registry) + generate_latest(requests.registry)


class _Read:
    """Figures that were read already, as the library wants to be handed them."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families


def _parts(readiness: Readiness) -> GaugeMetricFamily:
    up = GaugeMetricFamily("athar_part_up", "1 when a part is well, 0 when it is not.", labels=["part"])
    for part in readiness.parts:
        up.add_metric([part.name], float(part.ok))
    return up


def _messages(standing: Standing) -> list[GaugeMetricFamily]:
    dead = GaugeMetricFamily("athar_dead_messages", "Messages that could not be taken in.", labels=["type"])
    for kind, count in standing.dead.items():
        dead.add_metric([kind], count)
    return [
        _gauge("athar_outbox_unsent_messages", "Facts not yet published.", standing.unsent),
        _gauge(
            "athar_outbox_oldest_unsent_seconds",
            "How long the oldest of them waits.",
            standing.oldest_unsent.total_seconds(),
        ),
        _gauge("athar_inbox_due_messages", "Messages and timers due and not yet in effect.", standing.due),
        _gauge(
            "athar_inbox_oldest_due_seconds", "How long the oldest of them is due.", standing.oldest_due.total_seconds()
        ),
        _gauge("athar_retrying_messages", "Messages that failed and will be tried again.", standing.retrying),
        _gauge("athar_timer_late_seconds", "How late the oldest due timer is.", standing.timer_late.total_seconds()),
        dead,
        _gauge("athar_behind_dead_messages", "Messages whose case waits behind a dead one.", standing.behind_dead),
        _gauge("athar_discarded_messages", "Dead messages that were given up.", standing.discarded),
    ]


def _groups(groups: list[Group]) -> list[GaugeMetricFamily]:
    lag = GaugeMetricFamily(
        "athar_group_lag_entries", "Entries of our stream not yet read by a group.", labels=["group"]
    )
    pending = GaugeMetricFamily(
        "athar_group_pending_entries", "Entries read by a group and not yet acknowledged.", labels=["group"]
    )
    for group in groups:
        name = group["name"].decode() if isinstance(group["name"], bytes) else group["name"]
        pending.add_metric([name], group["pending"])
        # The server does not know it after entries were removed, until the group has caught up.
        if group.get("lag") is not None:
            lag.add_metric([name], group["lag"])
    return [lag, pending]


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
