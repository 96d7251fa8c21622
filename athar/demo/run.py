"""`athar demo`: a throw-away stack, the walk, the check, the report."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from athar.demo.checks import Findings, check, check_dead, come_to_rest
from athar.demo.office import Office, Unexpected
from athar.demo.report import print_conformance, print_timelines, wide
from athar.demo.walk import Walk
from athar.demo.walkers import Fate, each
from shared.plumbing.clock import ShiftedClock, shift_clock
from shared.plumbing.identity import load_signing_key
from shared.policy.adopted import packs

START_SECONDS = 60
ALMOST = timedelta(minutes=10)


@dataclass(frozen=True)
class Stack:
    """A running stack whose clock can be moved."""

    address: str
    signing_key: Path
    clock_file: Path


def run_demo(*, console: Console, quiet: bool) -> int:
    """The exit code: 0 when every clause has evidence and nothing is missing or doubled."""
    with tempfile.TemporaryDirectory(prefix="athar-demo-") as folder, throw_away_stack(Path(folder)) as stack:
        try:
            walks, findings = asyncio.run(walk_all(stack, console=console))
        except (Unexpected, ExceptionGroup) as error:
            for reason in _leaves(error):
                console.print(f"[bold red]The walk ended:[/] {reason}", soft_wrap=True, markup=False)
            return 1
    tables = wide(console)
    if not quiet:
        for walk, found in zip(walks, findings, strict=True):
            tables.rule(f"{found.name} · {found.association_id}")
            print_timelines(tables, walk, found)
            for refusal in dict.fromkeys(walk.refusals.sentences):
                console.print(f"  refused as it should be: {refusal}")
    print_conformance(tables, findings)
    wrong = [f"{found.association_id}: {sentence}" for found in findings for sentence in found.wrong]
    for sentence in wrong:
        console.print(f"[bold red]wrong:[/] {sentence}", soft_wrap=True)
    cases = sum(len(walk.walkers) for walk in walks)
    clauses = sum(len(found.conformance) for found in findings)
    console.print(f"{cases} cases, {len(findings)} associations, {clauses} adopted clauses, {len(wrong)} wrong.")
    return 1 if wrong else 0


async def walk_all(stack: Stack, *, console: Console) -> tuple[list[Walk], list[Findings]]:
    """Walk all five associations side by side, moving the one clock between the phases."""
    clock, key = ShiftedClock(stack.clock_file), load_signing_key(stack.signing_key)
    async with _client(stack.address) as client:
        walks = [Walk(Office(pack, client=client, key=key, clock=clock), clock) for pack in packs().values()]
        follow_up = max(service.follow_up_days for pack in packs().values() for service in pack.services)

        async def to(days: timedelta) -> None:
            # What is under way belongs to the day on which it began.
            await come_to_rest(walks[0].office)
            shift_clock(stack.clock_file, by=days)

        with Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
        ) as progress:
            task = progress.add_task("")

            def phase(words: str) -> None:
                progress.update(task, description=words)

            phase("day 0: received, completed, clarified, attested, referred")
            await each(walk.open() for walk in walks)
            phase("day 3: studied and decided; one returned, one withdrawn")
            await to(timedelta(days=3))
            await each(walk.decide() for walk in walks)
            phase("day 14 less ten minutes: nothing may be told")
            await to(timedelta(days=11) - ALMOST)
            await each(walk.nothing_told_early() for walk in walks)
            phase("day 14: the held answers go out")
            await to(ALMOST)
            await each(walk.answers(Fate.SERVED, Fate.CLARIFIED, Fate.REJECTED, Fate.APPEALED) for walk in walks)
            phase("an appeal, before other members; the returned case is answered")
            await each(walk.appeal() for walk in walks)
            await to(timedelta(days=3))
            await each(walk.answers(Fate.RETURNED) for walk in walks)
            await to(timedelta(days=11))
            await each(walk.answers(Fate.APPEALED) for walk in walks)
            phase("registered and delivered")
            await each(walk.serve() for walk in walks)
            phase("the benefit is asked for, and documented")
            await to(timedelta(days=follow_up))
            await each(walk.follow_up() for walk in walks)
            phase("everybody says how it was")
            await each(walk.hear() for walk in walks)
            phase("held against the policies")
            findings = [await check(walk) for walk in walks]
            findings[0].wrong += await check_dead(walks[0].office)
    return walks, findings


@contextmanager
def throw_away_stack(folder: Path, extra: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """An embedded stack in `folder`, in a process of its own, that ends with the block."""
    clock_file = folder / "clock"
    clock_file.write_text("0")
    address_file = folder / "address"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "athar", "up", "--data", str(folder / "data"), "--port", "0"],
            env={
                **os.environ,
                "ATHAR_ENVIRONMENT": "demo",
                "ATHAR_CLOCK_FILE": str(clock_file),
                "ATHAR_ADDRESS_FILE": str(address_file),
                **(extra or {}),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        give_up = time.monotonic() + START_SECONDS
        while not address_file.exists():
            if process.poll() is not None or time.monotonic() > give_up:
                raise Unexpected("the stack did not start:\n" + (folder / "log").read_text()[-2000:])
            time.sleep(0.05)
        yield Stack(address_file.read_text(), folder / "data" / "secrets" / "signing-key.json", clock_file)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=START_SECONDS)


@asynccontextmanager
async def _client(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=httpx.Limits(max_connections=20)) as client:
        yield client


def _leaves(error: Exception) -> Iterator[Unexpected]:
    """What ended the walk. Raises whatever was no answer of a service: that is a bug of ours."""
    if isinstance(error, ExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    elif isinstance(error, Unexpected):
        yield error
    else:
        raise error
