"""How soon the embedded stack answers, and what memory it takes, after its start and after load."""

import shutil
import statistics
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import URLError

from benchmarks.bench import EMBEDDED, Bench
from benchmarks.load import run_load
from benchmarks.stacks.running import Running, answers, wait_for

MEGABYTE = 1_000_000


def run(bench: Bench) -> dict[str, Any]:
    """Seconds from exec to the first answered request, first on an empty folder and then on data; megabytes."""
    with bench.athar(EMBEDDED) as running:
        memory = {"after_start": _memory(running)}
        cases = bench.sizes.most_cases // 8 or 1
        run_load(running, clients=8, cases=cases)
        memory["after_load"] = _memory(running)
        data = running.folder / "data"
        empty = []
        for number in range(bench.sizes.starts):
            # With the keys of before, which the tokens were signed with.
            new = running.folder / f"empty-{number}"
            shutil.copytree(data / "secrets", new / "secrets")
            empty.append(_start(running, new))
        with_data = [_start(running, data) for _ in range(bench.sizes.starts)]
    found = {
        "seconds_on_data": statistics.median(with_data),
        "seconds_on_empty_folder": statistics.median(empty),
        "cases_of_load": cases,
        "memory_mb": memory,
    }
    bench.say(f"  serving after {found['seconds_on_data']:.2f} s; {memory['after_load']['rss']:.0f} MB after load")
    return found


def _start(running: Running, data: Path) -> float:
    running.end("up")
    port = running.addresses["intake"][1]
    began = time.perf_counter()
    running.spawn("up", "-m", "athar", "up", "--data", str(data), "--port", str(port))
    wait_for("athar up", lambda: answers(running.addresses["intake"]), every=0.005)
    _first_answer(running)
    return time.perf_counter() - began


def _first_answer(running: Running) -> None:
    """A request that reads the database of a service."""
    host, port, before = running.addresses["intake"]
    url = f"http://{host}:{port}{before}/api/v1/cases"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {running.tokens['intake_officer']}"})

    def answered() -> bool:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except URLError:
            return False

    wait_for("the first answer", answered, every=0.005)


def _memory(running: Running) -> dict[str, Any]:
    """All processes, the stream's among them. USS counts what is nobody else's; RSS counts shared pages twice."""
    processes = []
    for process in running.all_processes():
        full = process.memory_full_info()
        processes.append({"name": process.name(), "rss": full.rss / MEGABYTE, "uss": full.uss / MEGABYTE})
    return {
        "rss": sum(one["rss"] for one in processes),
        "uss": sum(one["uss"] for one in processes),
        "processes": processes,
    }
