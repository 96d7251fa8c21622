"""Where runs take place: each on fresh databases, in a folder that goes when the run was clean."""

import itertools
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from athar.stack.secrets import Secrets
from tests.faults.dice import draw
from tests.faults.ground import SqliteGround, SqliteTemplates
from tests.faults.processes import Nursery
from tests.faults.run import Outcome, Trouble, run
from tests.faults.troubles import fill_disk, lose_tail

DISK_MEGABYTES = 200


class SqlitePlace:
    """Runs on SQLite files and the embedded stream."""

    kind = "sqlite"
    long_troubles: dict[str, Trouble] = {}
    own_troubles: dict[str, Trouble] = {"lose_tail": lose_tail, "fill_disk": fill_disk}

    def __init__(self, folder: Path, nursery: Nursery, templates: SqliteTemplates) -> None:
        self._folder = folder
        self._nursery = nursery
        self._templates = templates
        self._numbers = itertools.count(1)

    @property
    def secrets(self) -> Secrets:
        return self._templates.secrets

    async def run(self, *, seed: int, **how: Any) -> Outcome:
        """A run with `how`, or where nothing is said, as the seed draws it."""
        folder = self._folder / f"{self.kind}-{seed}-{next(self._numbers)}"
        folder.mkdir()
        with small_disk(folder / "data"):
            outcome = await run(
                folder,
                seed=seed,
                ground=SqliteGround(folder / "data", self._templates),
                secrets=self._templates.secrets,
                nursery=self._nursery,
                **(how or draw(seed, more=self.own_troubles).how()),
            )
            outcome.folder = str(folder)
            if outcome.violations:
                shutil.copytree(folder / "data", folder / "databases", ignore=shutil.ignore_patterns("*.sock"))
        if not outcome.violations:
            shutil.rmtree(folder)
        return outcome


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own that can be filled up; an ordinary folder where we may not mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "athar-faults", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
