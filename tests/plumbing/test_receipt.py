"""On receipt: kept and taken into effect in one commit, or kept and left to the worker; never neither, never twice."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from shared.language.events import CaseCompleted, Source
from shared.plumbing import tables
from shared.plumbing.claims import PUT_ASIDE_AFTER
from shared.plumbing.database import Database
from shared.plumbing.envelope import Envelope
from shared.plumbing.inbox import DATA, Entry
from shared.plumbing.listener import NotYet
from shared.plumbing.receipt import Receipt
from tests.plumbing.bench import Bench, drain, empty_tables, entry, envelope, hearing, note_effect, rows_in


def receipt(bench: Bench, handler: Any = note_effect, **options: Any) -> Receipt:
    return Receipt(database=bench.database, listener=hearing(handler), clock=bench.clock, **options)


async def receive(bench: Bench, *told: Envelope, at: Receipt | None = None) -> None:
    await (at or receipt(bench)).take(Source.INTAKE, [entry(one) for one in told])


async def states(bench: Bench) -> list[tuple[str, int | None, str]]:
    return [(row.key, row.seq, row.state) for row in await rows_in(bench.database, tables.inbox)]


async def test_what_is_next_takes_effect_with_its_receipt(bench: Bench) -> None:
    await receive(bench, envelope("a", 1), envelope("b", 1), envelope("a", 2))
    assert await bench.effects() == [("a", 1), ("b", 1), ("a", 2)]
    assert await states(bench) == [("a", 1, "done"), ("b", 1, "done"), ("a", 2, "done")]
    assert await bench.worker().work_once() == 0


async def test_what_comes_twice_takes_effect_once(bench: Bench) -> None:
    first, second = envelope("a", 1), envelope("a", 2)
    await receive(bench, first)
    await receive(bench, first, second, second)
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1), ("a", 2)]
    assert await states(bench) == [("a", 1, "done"), ("a", 2, "done")]


async def test_what_comes_too_early_waits_for_the_worker(bench: Bench) -> None:
    early, late = envelope("a", 2), envelope("a", 1)
    await receive(bench, early)
    assert await bench.effects() == []
    await receive(bench, late)
    assert await bench.effects() == [("a", 1)]
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1), ("a", 2)]


async def test_what_lies_in_the_inbox_already_is_left_to_the_worker(bench: Bench) -> None:
    one = envelope("a", 1)
    await bench.arrive(one)
    await receive(bench, one)
    assert await bench.effects() == []
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1)]


@pytest.mark.parametrize("trouble", [RuntimeError, NotYet])
async def test_what_fails_on_receipt_leaves_nothing_behind_and_is_tried_by_the_worker(
    bench: Bench, trouble: type[Exception]
) -> None:
    troubles = [trouble()]

    async def fail_once(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        await note_effect(event, session=session, now=now)
        if event.key == "b" and troubles:
            raise troubles.pop()

    await receive(bench, envelope("a", 1), envelope("b", 1), at=receipt(bench, fail_once))
    await drain(bench.worker(hearing(fail_once)))
    assert sorted(await bench.effects()) == [("a", 1), ("b", 1)]


async def test_what_nobody_can_read_is_dead_at_once_and_the_rest_goes_on(bench: Bench) -> None:
    broken: Entry = (b"7-0", {DATA: b"\xff\x00 not ours"})
    await receipt(bench).take(Source.INTAKE, [broken, entry(envelope("a", 1))])
    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    assert (dead.raw, dead.type) == (b"\xff\x00 not ours", "unreadable")
    assert await bench.effects() == [("a", 1)]


async def test_ten_megabytes_are_kept_with_every_byte(bench: Bench) -> None:
    body = bytes(10_000_000)
    await receipt(bench).take(Source.INTAKE, [(b"7-0", {DATA: body})])
    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    assert dead.raw == body
    assert "larger than" in dead.error


async def test_an_id_of_our_own_making_cannot_stand_in_a_timers_way(bench: Bench) -> None:
    posing = envelope("a", 1).model_copy(update={"id": "timer:window.over:a"})
    await receive(bench, posing)
    dead = await bench.message()
    assert (dead.state, dead.event_id) == (tables.DEAD, f"unreadable:intake:{posing.id}")


async def test_what_takes_too_long_on_receipt_is_cut_off_and_left_to_the_worker(bench: Bench) -> None:
    async def hang(event: CaseCompleted, *, session: Any, now: datetime) -> None:  # noqa: ARG001
        await asyncio.Event().wait()

    await receive(bench, envelope("a", 1), at=receipt(bench, hang, seconds=0.05))
    assert await states(bench) == [("a", 1, "ready")]
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1)]


@pytest.mark.containers
async def test_a_case_whose_rows_somebody_holds_does_not_make_the_others_wait(postgres_url: str) -> None:
    bench, elsewhere = Bench(Database(postgres_url)), Database(postgres_url)
    await empty_tables(bench.database)
    await receive(bench, envelope("held", 1))
    async with elsewhere.write() as session:
        held = select(tables.cursors).where(tables.cursors.c.key == "held").with_for_update()
        await (await session.connection()).execute(held)
        async with asyncio.timeout(5):
            await receive(bench, envelope("held", 2), envelope("a", 1))
        assert await bench.effects() == [("held", 1), ("a", 1)]
    await drain(bench.worker())
    assert await bench.effects() == [("held", 1), ("a", 1), ("held", 2)]
    await bench.database.close()
    await elsewhere.close()


@pytest.mark.containers
async def test_what_is_put_aside_beside_its_predecessor_is_called_up_all_the_same(postgres_url: str) -> None:
    bench = Bench(Database(postgres_url))
    await empty_tables(bench.database)
    reached, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        reached.set()
        await goes_on.wait()
        await note_effect(event, session=session, now=now)

    await receive(bench, envelope("a", 2))
    bench.clock.forward(PUT_ASIDE_AFTER * 2)
    first = asyncio.create_task(receive(bench, envelope("a", 1), at=receipt(bench, slow)))
    await reached.wait()
    await bench.worker().work_once()
    goes_on.set()
    await first
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1), ("a", 2)]
    await bench.database.close()
