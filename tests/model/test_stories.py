"""Stories told from a seed, with the real kernel in them: nothing lost, nothing doubled, nothing out of order."""

import os
import subprocess
import sys

import pytest

from tests.model import scenes
from tests.model.faults import tell_story
from tests.model.place import Place
from tests.model.process import Violated
from tests.model.switches import SWITCHES

SEEDS = (1, 2, 3, 5)
A_FEW_SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_goes_wrong_each_told_fact_takes_effect_once_in_order_everywhere(seed: int, place: Place) -> None:
    story = tell_story(seed, place)

    assert story.checks.answered, "nobody told anything: the story says nothing"


def test_a_seed_tells_the_same_story_again_in_any_process(place: Place) -> None:
    here = tell_story(7, place)

    there = subprocess.run(
        [sys.executable, "-m", "tests.model", "--seed", "7", "--runs", "1"],
        env=os.environ | {"PYTHONHASHSEED": "1234"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert here.world.digest in there.stdout


@pytest.mark.parametrize("guarantee", SWITCHES)
def test_a_guarantee_switched_off_is_seen_in_its_scene(guarantee: str, place: Place) -> None:
    switched_off, scene = SWITCHES[guarantee]
    seen = None

    for seed in A_FEW_SEEDS:
        with switched_off():
            try:
                scenes.play(scene, seed, place)
            except Violated as violation:
                seen = violation
                break

    assert seen is not None, f"without {guarantee} nothing was noticed in {len(A_FEW_SEEDS)} stories"
    scenes.play(scene, seed, place)  # and with it, the same story ends well
