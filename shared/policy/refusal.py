"""What is told when a policy pack cannot be accepted: every problem, each with its line in the file."""

from pathlib import Path
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing wrong with a pack file: the line (from 1), the dotted place in the pack, and a sentence."""

    line: int
    where: str
    sentence: str


class PackRefused(ValueError):
    """A pack file is not a policy pack, or contradicts itself or another pack of its folder.

    `also` holds the refusals of other files in the same folder, so that one run tells everything.
    """

    def __init__(self, path: Path, problems: tuple[Problem, ...], *, also: "tuple[PackRefused, ...]" = ()) -> None:
        self.path = path
        self.problems = tuple(sorted(problems))
        self.also = also
        super().__init__(path, self.problems, also)

    def __str__(self) -> str:
        own = [f"{self.path}:{line}: {where}: {sentence}" for line, where, sentence in self.problems]
        return "\n".join([*own, *(str(other) for other in self.also)])
