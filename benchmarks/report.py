"""The results as a table for people: what was measured, its ratio to the floor, and whether it meets its bar."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CASES_BAR, EFFECT_BAR_MS, MEMORY_BAR_MB, START_BAR_SECONDS, GROWTH_BAR = 0.5, 50.0, 300.0, 3.0, 1.2
HEADINGS = ("what", "Athar", "floor", "ratio", "bar", "")


@dataclass(frozen=True)
class Line:
    """One row of the table; `passed` is nothing where there is no bar."""

    what: str
    athar: str
    floor: str = ""
    ratio: str = ""
    bar: str = ""
    passed: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {None: "", True: "passed", False: "MISSED"}[self.passed]
        return (self.what, self.athar, self.floor, self.ratio, self.bar, verdict)


def lines_of(results: dict[str, Any]) -> list[Line]:
    """All parts that were measured, in the order of the issue."""
    parts = {
        "cases": _cases,
        "latency": _latency,
        "stream": _stream,
        "catch-up": _catch_up,
        "start": _start,
        "growth": _growth,
        "looks": _looks,
        "imports": _imports,
    }
    return [line for name, lines in parts.items() if name in results for line in lines(results[name])]


def markdown(results: dict[str, Any]) -> str:
    """The same as a page."""
    machine = results["machine"]
    head = (
        f"# Measured on {results['date']}, commit {machine['commit']}\n\n"
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_mb']} MB, {machine['system']}, "
        f"Python {machine['python']}, fdatasync {machine['fdatasync_median_us']} µs. Load average before "
        f"{_load(machine['load_average'])}, after {_load(results['load_average_after'])}.\n\n"
    )
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(line.cells for line in lines_of(results))]
    return head + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _load(average: Any) -> str:
    return ", ".join(f"{one:.1f}" for one in average)


def _cases(found: dict[str, Any]) -> Iterator[Line]:
    for kind, of_kind in found.items():
        best = max(of_kind["by_clients"], key=lambda clients: int(clients))
        for clients, one in of_kind["by_clients"].items():
            athar, floor = one["athar"], one["floor"]
            barred = clients == best
            yield Line(
                f"{kind}: complete cases/s, {clients} clients",
                f"{athar['cases_a_second']:.1f}",
                f"{floor['cases_a_second']:.1f}",
                f"{one['ratio']:.0%}",
                f"≥ {CASES_BAR:.0%}" if barred else "",
                one["ratio"] >= CASES_BAR if barred else None,
            )
            yield Line(
                f"{kind}: a request, {clients} clients, p50 / p95 / p99 ms",
                _three(athar["request_ms"]),
                _three(floor["request_ms"]),
            )
            yield Line(
                f"{kind}: CPU a case, {clients} clients, ms (the client's own: {athar['client_cpu_ms_a_case']:.0f})",
                f"{athar['server_cpu_ms_a_case']:.0f}",
                f"{floor['server_cpu_ms_a_case']:.0f}",
                f"{one['cpu_ratio']:.0%}",
            )
        written = of_kind["written_a_case"]
        yield Line(f"{kind}: rows a case", f"{written['athar']['rows']:.0f}", f"{written['floor']['rows']:.0f}")
        if written["athar"]["write_transactions"] is not None:
            yield Line(
                f"{kind}: write transactions a case",
                f"{written['athar']['write_transactions']:.0f}",
                f"{written['floor']['write_transactions']:.0f}",
            )


def _latency(found: dict[str, Any]) -> Iterator[Line]:
    for kind, of_kind in found.items():
        for when, words in (("idle", "one walker"), ("half_load", "half load")):
            athar, floor = of_kind["athar"][when]["all"], of_kind["floor"][when]["all"]
            barred = when == "half_load"
            yield Line(
                f"{kind}: commit to effect, {words}, p50 / p95 / p99 ms",
                _three(athar),
                _three(floor),
                f"{athar['p99'] / max(floor['p99'], 0.01):.1f} ×",
                f"p99 < {EFFECT_BAR_MS:.0f} ms" if barred else "",
                athar["p99"] < EFFECT_BAR_MS if barred else None,
            )


def _stream(found: dict[str, Any]) -> Iterator[Line]:
    for kind, of_kind in found.items():
        for stage in ("relay", "take_in", "worker"):
            one = of_kind[stage]
            yield Line(
                f"{kind}: {stage.replace('_', '-')} alone, events/s",
                f"{one['athar']:.0f}",
                f"{one['floor']:.0f}",
                f"{one['ratio']:.0%}",
            )


def _catch_up(found: dict[str, Any]) -> Iterator[Line]:
    for kind, one in found.items():
        yield Line(
            f"{kind}: {one['events']} events after an hour's outage, s",
            f"{one['athar']['seconds']:.1f}",
            f"{one['floor']['seconds']:.1f}",
            f"{one['ratio']:.0%}",
        )


def _start(found: dict[str, Any]) -> Iterator[Line]:
    for name, words in (("seconds_on_data", "on data"), ("seconds_on_empty_folder", "on an empty folder")):
        seconds = found[name]
        bar = f"< {START_BAR_SECONDS:.0f} s"
        yield Line(f"embedded: serving {words}, s", f"{seconds:.2f}", "", "", bar, seconds < START_BAR_SECONDS)
    for when, memory in found["memory_mb"].items():
        words = when.replace("_", " ")
        yield Line(
            f"embedded: memory {words}, RSS / USS MB",
            f"{memory['rss']:.0f} / {memory['uss']:.0f}",
            bar=f"< {MEMORY_BAR_MB:.0f} MB",
            passed=memory["rss"] < MEMORY_BAR_MB,
        )


def _growth(found: dict[str, Any]) -> Iterator[Line]:
    small = found["sizes"][0]
    for size in found["sizes"][1:]:
        for name, one in found[str(size)].items():
            yield Line(
                f"{found['stack']}: {name}, {small:,} → {size:,} cases, ms",
                f"{one['small_ms']:.2f} → {one['large_ms']:.2f}",
                "",
                f"{one['ratio']:.2f} ×",
                f"≤ {GROWTH_BAR} ×",
                one["ratio"] <= GROWTH_BAR,
            )


def _three(percentiles: dict[str, float]) -> str:
    return " / ".join(f"{percentiles[name]:.1f}" for name in ("p50", "p95", "p99"))


def _looks(found: dict[str, Any]) -> Iterator[Line]:
    for kind, of_kind in found.items():
        for name, one in of_kind.items():
            kept, unkept = one["kept"], one["unkept"]
            yield Line(
                f"{kind}: {name}, its look kept / not, p50 ms (a second)",
                f"{kept['p50']:.2f} ({kept['a_second']:.0f})",
                f"{unkept['p50']:.2f} ({unkept['a_second']:.0f})",
                f"{kept['p50'] / max(unkept['p50'], 0.001):.1f} ×",
            )


def _imports(found: dict[str, Any]) -> Iterator[Line]:
    for kind, of_kind in found.items():
        for what, one in of_kind.items():
            yield Line(
                f"{kind}: a list of {one['rows']:,} {what}, rows/s read / looked at / taken in",
                f"{one['read']:.0f} / {one['looked_at']:.0f} / {one['taken_in']:.0f}",
            )
