"""A run drawn from its seed: which faults, when, how many workers, and what becomes of the cases."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from athar.catalogue import SERVICES
from athar.demo.walkers import Fate
from shared.plumbing.stop_points import StopPoint
from tests.faults.poison import poison
from tests.faults.run import Scene, Trouble
from tests.faults.stack import Stop
from tests.faults.stop_plans import NOT_REACHED
from tests.faults.troubles import EVERYWHERE

WALK_ANSWERS = 60
"""About as many requests as the cases of a run need; a fault of a later hour comes at the end."""

STOPPABLE = [
    (service, point)
    for service in SERVICES
    for point in StopPoint
    if (service, point) not in NOT_REACHED and not point.value.startswith(("failure", "rewind"))
]
POSSIBLE_FATES = (Fate.SERVED, Fate.SERVED, Fate.CLARIFIED, Fate.REJECTED, Fate.RETURNED, Fate.WITHDRAWN)


@dataclass(frozen=True)
class Draw:
    """What the dice say."""

    faults: list[tuple[int, str]]
    stops: list[Stop]
    workers: int
    fates: list[Fate]
    troubles: dict[str, Trouble]

    async def trouble(self, scene: Scene) -> None:
        """Each fault at its hour; some of them at once."""
        async with asyncio.TaskGroup() as group:
            for after, name in self.faults:
                group.create_task(self._one(scene, after, self.troubles[name]))

    async def _one(self, scene: Scene, after: int, trouble: Callable[[Scene], Awaitable[None]]) -> None:
        await scene.after(after)
        await trouble(scene)

    def how(self) -> dict[str, Any]:
        """The arguments of the run."""
        return {"trouble": self.trouble, "stops": self.stops, "workers": self.workers, "fates": self.fates}


def draw(seed: int, *, more: dict[str, Trouble]) -> Draw:
    """The same for the same seed; `more` are the faults that only this ground knows."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    troubles: dict[str, Trouble] = {**EVERYWHERE, "poison": poison, **more}
    faults = sorted(
        (chance.randint(2, WALK_ANSWERS), chance.choice(sorted(troubles))) for _ in range(chance.randint(2, 5))
    )
    stops = [
        Stop(service, point.value, nth=chance.randint(1, 6), act=chance.choice(("kill", "kill", "slow")), seconds=0.05)
        for service, point in chance.sample(STOPPABLE, k=chance.randint(0, 4))
    ]
    return Draw(faults, stops, chance.choice((1, 1, 2)), chance.choices(POSSIBLE_FATES, k=3), troubles)
