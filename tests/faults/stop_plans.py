"""Every stop point, in every service that reaches it: what to arm, and what has to happen for it to be reached."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from athar.catalogue import SERVICES
from shared.language.roles import Role
from shared.plumbing.stop_points import StopPoint
from tests.faults.poison import unknown_version
from tests.faults.run import Scene
from tests.faults.stack import Stop
from tests.faults.switches import RAISE
from tests.faults.troubles import wipe_stream
from tests.plumbing.waiting import eventually

ONLY_NOTIFICATIONS_CALL_OUT = "only notifications calls the outside world"
NOT_REACHED: dict[tuple[str, StopPoint], str] = {
    (service, point): ONLY_NOTIFICATIONS_CALL_OUT
    for service in SERVICES
    for point in (StopPoint.CALL_BEFORE, StopPoint.CALL_AFTER)
    if service != "notifications"
}
"""Where a point is not reached, and why."""

SPOILED = {
    "intake": "case.studied",
    "research": "case.referred",
    "notifications": "case.received",
    "feedback": "case.closed",
}
"""The fact whose handler fails at first: what is well is taken in on receipt, and never comes to the worker."""

IN_THE_WORKER = ("claim", "effect", "failure")

REACHED_SECONDS = 60
GROUPS = (("request", "call"), ("relay", "rewind"), ("inbox", "claim"), ("effect", "failure"))
"""Points that one run may try, a process being killed at one after the other."""


def points_of(*groups: str) -> list[StopPoint]:
    return [point for point in StopPoint if point.value.split(".")[0] in groups]


def stops_at(points: Iterable[StopPoint]) -> list[Stop]:
    """Each of `points` in each service that reaches it, once."""
    return [
        Stop(service, point.value) for point in points for service in SERVICES if (service, point) not in NOT_REACHED
    ]


@dataclass
class StopPlan:
    """A run in which processes are killed at these points."""

    stops: list[Stop]
    folder: Path

    @property
    def switches(self) -> dict[str, Any]:
        if not self._about(*IN_THE_WORKER):
            return {}
        for service in SPOILED:
            self._spoil(service).write_text(RAISE)
        return {"spoiled": {f"{service}:{kind}": str(self._spoil(service)) for service, kind in SPOILED.items()}}

    async def trouble(self, scene: Scene) -> None:
        """Bring about what the points wait for, and wait until all of them were reached."""
        if self._about(*IN_THE_WORKER):
            await asyncio.gather(*(self._mend(scene, service) for service in SPOILED))
        if self._about("request"):
            await self._ask_everywhere(scene)
        if self._about("rewind"):
            await eventually(lambda: self._all_have_published(scene), within=REACHED_SECONDS * 2)
            await wipe_stream(scene)
        await eventually(lambda: self._left(scene), equals=[], within=REACHED_SECONDS * 2)

    def missed(self, reached: Iterable[tuple[str, str, str, int]]) -> list[str]:
        """The armed points that no process came to."""
        there = {(service, point) for service, point, _, _ in reached}
        return [f"{stop.service} {stop.point}" for stop in self.stops if (stop.service, stop.point) not in there]

    def _about(self, *groups: str) -> bool:
        return any(stop.point.startswith(groups) for stop in self.stops)

    def _spoil(self, service: str) -> Path:
        return self.folder / f"spoiled-{service}"

    async def _left(self, scene: Scene) -> list[str]:
        return self.missed(scene.stack.reached())

    async def _mend(self, scene: Scene, service: str) -> None:
        """Once the fact was left to the worker, and the worker stopped wherever it is to be stopped while it fails."""

        async def failed_enough() -> bool:
            left = self.missed(scene.stack.reached())
            if any(f"{service} {group}" in point for point in left for group in ("claim", "failure")):
                return False
            sql = "SELECT count(*) FROM inbox_messages WHERE type = :type AND attempts > 0"
            return bool(await scene.books.number(service, sql, type=SPOILED[service]))

        await eventually(failed_enough, within=REACHED_SECONDS * 2)
        self._spoil(service).unlink()

    async def _all_have_published(self, scene: Scene) -> bool:
        noted = "SELECT count(*) FROM outbox_events WHERE stream_ms IS NOT NULL"
        return all([await scene.books.number(service, noted) for service in SERVICES])

    async def _ask_everywhere(self, scene: Scene) -> None:
        """Notifications takes no request of a case's walk: an operator replays a dead letter there, and elsewhere."""
        office = scene.cases[0].office
        event_id = await unknown_version(scene, "intake")
        for service in SERVICES:

            async def dead(service: str = service) -> int:
                sql = "SELECT id FROM inbox_messages WHERE event_id = :id AND state = 'dead'"
                rows = await scene.books.rows(service, sql, id=event_id)
                return int(rows[0]["id"]) if rows else 0

            for _ in points_of("request"):
                letter = await eventually(dead, within=REACHED_SECONDS)
                path = f"/{service}/api/v1/operations/dead/{letter}/replay"
                await office.post(path, role=Role.PLATFORM_OPERATOR)
