"""What goes wrong, and the whole random story of a seed."""

from datetime import timedelta
from functools import partial

from shared.language.events import Source
from shared.plumbing.stop_points import StopPoint
from tests.model.place import Place
from tests.model.process import Process, Violated
from tests.model.services import POISON, SERVICES
from tests.model.story import Story

ROUGH_SECONDS = 20.0
STREAMS = ("athar.intake.events", "athar.research.events")
HEARERS = ("intake", "research", "notifications")


class Faults:
    """What goes wrong in a rough time: at any moment, and with an eye for the moments between two durable steps."""

    def __init__(self, story: Story, *, often: float = 0.008) -> None:
        self._story = story
        self._often = often
        story.world.at_stop_point = self._at_point

    def rough_time(self, *, seconds: float, faults: int, tells: int, keys: list[str]) -> None:
        world = self._story.world
        world.rough = True
        for _ in range(tells):
            key = world.chance.choice(keys)
            world.later(world.chance.uniform(0, seconds), partial(self._story.tell, key))
        for _ in range(faults):
            world.later(world.chance.uniform(0, seconds), self.one)
        world.run(seconds=seconds)

    def one(self) -> None:
        """Something happens to a process, to a service or to the stream."""
        if not self._story.world.rough:
            return
        chance = self._story.world.chance
        match chance.randrange(5):
            case 0 | 1:
                self.to_process(chance.choice(list(self._story.slots)))
            case 2:
                self.to_service(chance.choice(SERVICES))
            case _:
                self.to_stream()

    def _at_point(self, process: Process, point: StopPoint) -> None:
        world = self._story.world
        # Append and note are rarer than all the rest, and the stream loses best just then.
        of_relay = point.startswith(("relay", "rewind"))
        if not world.rough or world.chance.random() >= self._often * (6 if of_relay else 1):
            return
        world.note(f"{process.name} reaches {point}")
        if not of_relay or world.chance.random() < 0.6:
            self.to_process(process.name)
        if of_relay or world.chance.random() < 0.3:
            # At once, or after a neighbour has taken over.
            world.later(world.chance.choice((0.0, 0.0, 0.3, 4.0)), self.to_stream)

    def to_process(self, name: str) -> None:
        """Killed, and back after a while; or stopped, and awake after its leases have ended, or before."""
        world, (_, process) = self._story.world, self._story.slots[name]
        if world.chance.random() < 0.4:
            process.kill()
            world.later(world.chance.uniform(0, 5), partial(self._story.restart, name))
        else:
            process.pause()
            world.later(world.chance.choice((0.2, 1.0, 2.5, 4.5, 9.0)), process.wake)

    def to_service(self, source: Source) -> None:
        """All its processes are down for a while: what is told meanwhile lies in the stream alone."""
        for name, (of, process) in self._story.slots.items():
            if of is source:
                process.kill()
                self._story.world.later(self._story.world.chance.choice((2, 6, 12)), partial(self._story.restart, name))

    def to_stream(self) -> None:
        if not self._story.world.rough:
            return
        server, chance = self._story.server, self._story.world.chance
        match chance.randrange(7):
            case 0 | 1:
                server.wipe()
            case 2:
                server.lose_tail(chance.choice(STREAMS), chance.randint(1, 6))
            case 3:
                server.keep_copy()
                self._story.world.later(chance.uniform(0, 6), partial(self._restore, chance.randrange(4)))
            case 4:
                server.deliver_again(chance.choice(STREAMS), chance.choice(HEARERS))
            case 5:
                self._story.world.note("the stream restarts")
                server.restart()
            case 6:
                self._story.world.note("the stream is away")
                server.up = False
                self._story.world.later(chance.uniform(0.1, 4), self._come_back)

    def _restore(self, which: int) -> None:
        if self._story.world.rough:
            # The one that takes over has a clock of its own.
            self._story.server.clock_skew = timedelta(seconds=self._story.world.chance.uniform(-3, 3))
            self._story.server.restore(which)

    def _come_back(self) -> None:
        self._story.server.up = True
        self._story.server.restart()


def tell_story(seed: int, place: Place) -> Story:
    """The whole story of `seed`. Raises `Violated`, with the seed and the last lines of what happened."""
    story = Story(seed, place)
    chance = story.world.chance
    keys = [f"case-{n + 1}" for n in range(chance.randint(1, 3))]
    if chance.random() < 0.1:
        keys.append(POISON)
    try:
        with story.open():
            Faults(story).rough_time(
                seconds=ROUGH_SECONDS, faults=chance.randint(0, 8), tells=chance.randint(4, 14), keys=keys
            )
            story.peace()
    except Violated as error:
        told = "\n".join(story.world.story[-40:])
        raise Violated(f"seed {seed}, step {story.world.steps}: {error}\n{told}") from None
    return story
