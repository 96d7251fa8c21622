"""An import whose worker is killed between any two durable steps goes on where it stopped, each row once."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from services.intake.domain.case import Case
from services.intake.domain.imports.run import ImportRow
from services.intake.domain.people import Beneficiary
from services.intake.use_cases.imports.carry_on import ROWS
from shared.language.events import CaseDrafted
from shared.plumbing import tables
from shared.plumbing.clock import SystemClock
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.stop_points import StopPoint
from tests.harness.desk import Desk
from tests.intake.imports.child import FORKED, live
from tests.intake.imports.lists import Administrator, as_csv, people
from tests.intake.office import Office
from tests.plumbing.waiting import eventually

PAGES = 5
TOTAL = (PAGES - 1) * ROWS + 3
A_WHILE = timedelta(minutes=5)
POINTS = (
    StopPoint.CLAIM_BEFORE_COMMIT,
    StopPoint.CLAIM_AFTER_COMMIT,
    StopPoint.EFFECT_BEFORE_COMMIT,
    StopPoint.EFFECT_AFTER_COMMIT,
)
STOPS = [*((point, 1) for point in POINTS), (StopPoint.EFFECT_BEFORE_COMMIT, 2), (StopPoint.EFFECT_AFTER_COMMIT, 2)]


async def nobody_holds_work(desk: Desk) -> bool:
    async with desk.runtime.database.read() as session:
        held = select(func.count()).where(
            tables.inbox.c.state == tables.READY, tables.inbox.c.leased_until > SystemClock().now()
        )
        return not (await (await session.connection()).execute(held)).scalar_one()


async def run_worker(desk: Desk, folder: Path, *, point: str, nth: int) -> int:
    """A worker's whole life; how it ended."""
    desk.clock.forward(A_WHILE)
    # What the one before had in hand when it was killed.
    await eventually(lambda: nobody_holds_work(desk))
    life = {"at": desk.clock.now(), "point": point, "nth": nth, "environment": dict(os.environ)}
    process = FORKED.Process(target=live, args=(folder,), kwargs=life)
    process.start()
    await asyncio.to_thread(process.join, 120)
    assert process.exitcode is not None, "it neither ended nor died"
    return process.exitcode


async def numbers(desk: Desk) -> tuple[int, int, int, int]:
    """How many people, requests, rows, and how many different requests the rows name."""
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        whole = [
            (await session.exec(select(func.count()).select_from(kind))).one()
            for kind in (Beneficiary, Case, ImportRow)
        ]
        named = (await session.exec(select(func.count(col(ImportRow.reference).distinct())))).one()
    return whole[0], whole[1], whole[2], named


@pytest.mark.timeout(300)
async def test_a_worker_killed_at_every_point_loses_no_row_and_doubles_none(
    administrator: Administrator, tmp_path: Path
) -> None:
    desk = administrator.desk
    sent = await administrator.upload(as_csv(people(TOTAL)))
    await administrator.columns(sent, service_id=Office(desk).service.id)
    await administrator.check(sent)
    await administrator.tell(sent, "start")
    for point, nth in STOPS:
        assert await run_worker(desk, tmp_path, point=point.value, nth=nth) == -signal.SIGKILL, point
        done = (await administrator.now(sent))["rows_done"]
        # What is said to be done is there, and nothing besides: the cursor and the rows are one commit.
        people_, cases, rows, named = await numbers(desk)
        assert (people_, cases, rows, named) == (done, done, TOTAL, done)
        assert done < TOTAL
    assert await run_worker(desk, tmp_path, point="none", nth=1) == 0
    whole = await administrator.now(sent)
    assert (whole["status"], whole["rows_done"], whole["rows_new"]) == ("done", TOTAL, TOTAL)
    assert await numbers(desk) == (TOTAL, TOTAL, TOTAL, TOTAL)
    drafted = await desk.told(CaseDrafted)
    assert len({one.case_id for one in drafted if isinstance(one, CaseDrafted)}) == len(drafted) == TOTAL
    assert [file for file in (tmp_path / "files").rglob("*") if file.is_file() and file.name != "swept"] == []


@pytest.mark.timeout(300)
async def test_two_workers_at_once_take_each_row_once(administrator: Administrator, tmp_path: Path) -> None:
    desk = administrator.desk
    total = 2 * ROWS + 3
    sent = await administrator.upload(as_csv(people(total)))
    await administrator.check(sent)
    await administrator.tell(sent, "start")
    ends = await asyncio.gather(*(run_worker(desk, tmp_path, point="none", nth=1) for _ in range(2)))
    assert ends == [0, 0]
    whole = await administrator._settled(sent)
    assert (whole["status"], whole["rows_new"]) == ("done", total)
    assert (await numbers(desk))[0] == total
