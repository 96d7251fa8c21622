"""Work of ours in a process of its own that need not import everything anew: forked from one that has."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from typing import Any

PRELOADED = ["athar.stack.one", "benchmarks.stages"]


def beside(environment: Mapping[str, str], work: Callable[..., None], *values: Any) -> None:
    """Run `work` to its end, with these settings alone. Raises `RuntimeError` when it fails; its story is on stderr."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_child, args=(dict(environment), work, values))
    process.start()
    process.join()
    if process.exitcode != 0:
        raise RuntimeError(f"{work.__name__} beside us ended with {process.exitcode}")


def _child(environment: dict[str, str], work: Callable[..., None], values: tuple[Any, ...]) -> None:
    for name in [name for name in os.environ if name.startswith("ATHAR_")]:
        del os.environ[name]
    os.environ.update(environment)
    work(*values)
