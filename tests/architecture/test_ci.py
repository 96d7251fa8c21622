"""CI divides the tests among processes that run side by side: each file belongs to one of them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
IGNORE = "--ignore="


def holds(path: str, file: str) -> bool:
    return file == path or file.startswith(f"{path}/")


def test_every_test_is_run_by_one_group_of_ci() -> None:
    def lines(*command: str) -> list[str]:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()

    groups = [line.split() for line in lines(".ci/tests", "list")]
    run_by: dict[str, int] = {}
    for file in lines("git", "ls-files", "tests/**/test_*.py"):
        run_by[file] = sum(
            any(holds(word, file) for word in words if not word.startswith(IGNORE))
            and not any(holds(word.removeprefix(IGNORE), file) for word in words if word.startswith(IGNORE))
            for words in groups
        )
    assert len(run_by) > 200
    assert {file: times for file, times in run_by.items() if times != 1} == {}
