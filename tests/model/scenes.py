"""Short stories, each about the one moment that one guarantee is for. The seed decides all but that moment."""

from collections.abc import Callable

from shared.language.events import Source
from shared.plumbing.stop_points import StopPoint
from tests.model.place import Place
from tests.model.process import Process
from tests.model.services import SERVICES
from tests.model.story import Story

Scene = Callable[[Story], None]


def play(scene: Scene, seed: int, place: Place) -> Story:
    """Play `scene`, and then peace. Raises `Violated`."""
    story = Story(seed, place)
    with story.open():
        story.world.run(seconds=2)
        scene(story)
        story.peace(within=30)
    return story


def _tell(story: Story, *keys: str) -> None:
    for place, key in enumerate(keys):
        story.world.later(place * 0.2, lambda key=key: story.tell(key))  # type: ignore[misc]


def _nobody_hears(story: Story) -> None:
    """Both hearers of intake are down: what it tells lies in the stream alone."""
    for _, process in story.slots.values():
        if "intake" not in process.name:
            process.kill()


def _once(story: Story, point: StopPoint, of: Source, then: Callable[[Process], None], *, times: int = 1) -> None:
    """Have `then` happen when a process of that service next reaches the point."""
    left = times

    def watch(process: Process, reached: StopPoint) -> None:
        nonlocal left
        if reached is point and left and process.name.startswith(of):
            left -= 1
            story.world.note(f"{process.name} reaches {point}")
            then(process)

    story.world.at_stop_point = watch


def _sleep(story: Story, seconds: float) -> Callable[[Process], None]:
    def then(process: Process) -> None:
        process.pause()
        story.world.later(seconds, process.wake)

    return then


def wiped_with_all_that_nobody_took(story: Story) -> None:
    _nobody_hears(story)
    _tell(story, "a", "a", "b", "b")
    story.world.run(seconds=4)
    story.server.wipe()
    _tell(story, "a", "b")
    story.world.run(seconds=4)


def wiped_between_look_and_append(story: Story) -> None:
    _nobody_hears(story)
    _tell(story, "a", "a", "b", "b")
    story.world.run(seconds=4)
    _once(story, StopPoint.RELAY_BEFORE_APPEND, Source.INTAKE, lambda _: story.server.wipe())
    _tell(story, "a", "b")
    story.world.run(seconds=4)


def a_relay_wakes_after_its_lease_and_a_wipe(story: Story) -> None:
    """It appended; then the stream was wiped, and its neighbour is telling everything again, batch by batch."""
    _nobody_hears(story)
    _tell(story, "a", "a", "b", "b", "c", "c", "a", "b")
    story.world.run(seconds=5)
    sleepers: list[Process] = []

    def fall_asleep(process: Process) -> None:
        process.pause()
        sleepers.append(process)
        story.server.wipe()
        _once(story, StopPoint.RELAY_AFTER_MARK, Source.INTAKE, wake_the_other)

    def wake_the_other(process: Process) -> None:
        _sleep(story, 1)(process)
        for sleeper in sleepers:
            sleeper.wake()

    _once(story, StopPoint.RELAY_AFTER_APPEND, Source.INTAKE, fall_asleep)
    _tell(story, "c")
    story.world.run(seconds=10)


def a_worker_wakes_after_its_lease(story: Story) -> None:
    _once(story, StopPoint.CLAIM_AFTER_COMMIT, Source.RESEARCH, _sleep(story, 5), times=5)
    _tell(story, "a", "b", "c", "a", "b", "c")
    story.world.run(seconds=14)


def everything_is_delivered_twice(story: Story) -> None:
    _tell(story, "a", "b", "a", "b")
    story.world.run(seconds=3)
    for stream in ("athar.intake.events", "athar.research.events"):
        for source in SERVICES:
            story.server.deliver_again(stream, source.value)
    story.world.run(seconds=3)


def a_later_fact_overtakes(story: Story) -> None:
    """One reader dies with the first fact of a case in its hands; its neighbour takes in the second at once."""
    _once(story, StopPoint.INBOX_BEFORE_COMMIT, Source.RESEARCH, _die(story))
    _tell(story, "a")
    story.world.run(seconds=0.2)
    _tell(story, "a", "a")
    story.world.run(seconds=5)


def _die(story: Story) -> Callable[[Process], None]:
    def then(process: Process) -> None:
        # Not asleep: asleep it would hold the write lock. What it had read comes back after the idle time.
        process.kill()
        story.world.later(3, lambda: story.restart(process.name))

    return then


def killed_between_receipt_and_commit(story: Story) -> None:
    _once(story, StopPoint.INBOX_BEFORE_COMMIT, Source.RESEARCH, _die(story), times=2)
    _tell(story, "a", "b", "a")
    story.world.run(seconds=5)
