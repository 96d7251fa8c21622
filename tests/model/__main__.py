"""`python -m tests.model --runs N [--seed S]`: stories from S on, one after the other; the first violation ends it."""

import argparse
import sys
import time
from contextlib import ExitStack, suppress

from rich.console import Console
from rich.progress import Progress

from tests.model.faults import tell_story
from tests.model.place import Place
from tests.model.process import Violated


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    asked.add_argument("--runs", type=int, default=100, help="how many stories")
    asked.add_argument("--seed", type=int, default=1, help="the seed of the first one")
    asked.add_argument("--story", action="store_true", help="print what happens in each story")
    asked.add_argument("--go-on", action="store_true", help="go on after a violation")
    options = asked.parse_args()

    console = Console()
    steps = callbacks = violations = 0
    stories: set[str] = set()
    began = time.monotonic()
    # Whoever has seen enough presses Ctrl-C, and hears how it went so far.
    with ExitStack() as stack, suppress(KeyboardInterrupt):
        place = Place()
        stack.callback(place.close)
        progress = stack.enter_context(Progress(console=console, transient=True))
        bar = progress.add_task("stories", total=options.runs)
        for seed in range(options.seed, options.seed + options.runs):
            try:
                story = tell_story(seed, place)
            except Violated as violation:
                violations += 1
                console.print(f"[red]violated[/red] {violation}", highlight=False, soft_wrap=True)
                if not options.go_on:
                    break
            else:
                steps += story.world.steps
                callbacks += story.world.callbacks
                stories.add(story.world.digest)
                if options.story:
                    console.print("\n".join(story.world.story), highlight=False, soft_wrap=True)
            progress.advance(bar)
    took = time.monotonic() - began
    if options.runs == 1 and stories:
        console.print(f"seed {options.seed}: {stories.pop()}, {steps} steps", highlight=False)
    else:
        console.print(
            f"{len(stories)} different interleavings, {steps} steps ({steps / took:.0f} a second) and {callbacks} "
            f"callbacks between them, in {took:.0f} s; violations: {violations}",
            highlight=False,
        )
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
