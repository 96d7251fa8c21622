"""Hypothesis chooses what happens; when a promise breaks it shrinks the story to the few lines that matter."""

from contextlib import ExitStack
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.model.faults import STREAMS
from tests.model.place import Place
from tests.model.services import SERVICES
from tests.model.story import Story


@pytest.fixture(autouse=True)
def _there(place: Place) -> None:
    AnyOrder.place = place


names = st.sampled_from([f"{source}-{n}" for source in SERVICES for n in (1, 2)])
seconds = st.sampled_from([0.02, 0.1, 0.5, 2.0, 4.0])


class AnyOrder(RuleBasedStateMachine):
    """Three services of two processes, and whatever Hypothesis does to them."""

    place: ClassVar[Place]

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()

    @initialize(seed=st.integers(0, 1_000))
    def begin(self, seed: int) -> None:
        self.story = self._stack.enter_context(Story(seed, self.place).open())
        self.story.world.run(seconds=1)

    @rule(key=st.sampled_from("ab"), facts=st.integers(1, 4))
    def tell(self, key: str, facts: int) -> None:
        for _ in range(facts):
            self.story.tell(key)

    @rule(name=names)
    def kill(self, name: str) -> None:
        self.story.slots[name][1].kill()

    @rule(name=names)
    def restart(self, name: str) -> None:
        self.story.restart(name)

    @rule(name=names)
    def pause(self, name: str) -> None:
        self.story.slots[name][1].pause()

    @rule(name=names)
    def wake(self, name: str) -> None:
        self.story.slots[name][1].wake()

    @rule(stream=st.sampled_from(STREAMS), entries=st.integers(1, 5))
    def lose_tail(self, stream: str, entries: int) -> None:
        self.story.server.lose_tail(stream, entries)

    @rule()
    def wipe(self) -> None:
        self.story.server.wipe()

    @rule()
    def keep_copy(self) -> None:
        self.story.server.keep_copy()

    @rule(which=st.integers(0, 3))
    def restore(self, which: int) -> None:
        self.story.server.restore(which)

    @rule(stream=st.sampled_from(STREAMS), to=st.sampled_from([source.value for source in SERVICES]))
    def deliver_again(self, stream: str, to: str) -> None:
        self.story.server.deliver_again(stream, to)

    @rule(seconds=seconds)
    def tick(self, seconds: float) -> None:
        self.story.world.run(seconds=seconds)

    def teardown(self) -> None:
        try:
            if hasattr(self, "story"):
                self.story.peace(within=60)
        finally:
            self._stack.close()


TestWhateverHappensEachFactTakesEffectOnce = AnyOrder.TestCase
TestWhateverHappensEachFactTakesEffectOnce.settings = settings(
    max_examples=10,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)
