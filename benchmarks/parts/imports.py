"""How many rows of a list a second: read apart, looked at, and taken in as people and as requests."""

import json
import time
import urllib.request
from typing import Any

from benchmarks.bench import EMBEDDED, Bench
from benchmarks.stacks.running import Running, wait_for
from benchmarks.walk import ADMINISTRATOR, PACK

WITHIN = 3_600.0


def run(bench: Bench) -> dict[str, Any]:
    """Rows a second of each step, where the files have a folder: embedded."""
    found: dict[str, Any] = {}
    for kind in [one for one in bench.kinds if one == EMBEDDED]:
        with bench.athar(kind) as running:
            found[kind] = {
                "people": _import(running, bench.sizes.import_rows, first=1, service=None),
                "requests": _import(
                    running, bench.sizes.import_rows, first=bench.sizes.import_rows + 1, service=PACK.services[0].id
                ),
            }
        for what, rates in found[kind].items():
            bench.say(f"  {kind}: {what}: {rates['taken_in']:.0f} rows/s taken in, {rates['looked_at']:.0f} looked at")
    return found


def _import(running: Running, rows: int, *, first: int, service: str | None) -> dict[str, float]:
    table = "\n".join(["رقم الهوية,الاسم", *(f"{_national_id(n)},مستفيد رقم {n}" for n in range(first, first + rows))])
    began = time.perf_counter()
    sent = _ask(running, "POST", "", table.encode(), kind="application/octet-stream")
    read = time.perf_counter() - began
    path = f"/{sent['id']}"
    chosen = {"columns": {"national_id": 0, "name": 1}, "channel": sent["channel"], "service_id": service}
    _ask(running, "POST", f"{path}/columns", json.dumps(chosen).encode())
    looked = _timed(running, path, "check", until="checked")
    taken = _timed(running, path, "start", until="done")
    return {"rows": rows, "read": rows / read, "looked_at": rows / looked, "taken_in": rows / taken}


def _timed(running: Running, path: str, what: str, *, until: str) -> float:
    began = time.perf_counter()
    _ask(running, "POST", f"{path}/{what}", b"")
    wait_for(until, lambda: _ask(running, "GET", path, None)["status"] == until, within=WITHIN)
    return time.perf_counter() - began


def _ask(
    running: Running, method: str, path: str, body: bytes | None, *, kind: str = "application/json"
) -> dict[str, Any]:
    host, port, before = running.addresses["intake"]
    headers = {"Authorization": f"Bearer {running.tokens[ADMINISTRATOR]}", "Content-Type": kind}
    url = f"http://{host}:{port}{before}/api/v1/imports{path}"
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
        told: dict[str, Any] = json.load(answer)
    return told


def _national_id(number: int) -> str:
    first = f"1{number:08}"
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(first))
    return first + str(-sum(value // 10 + value % 10 for value in doubled) % 10)
