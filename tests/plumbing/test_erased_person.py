"""A message about somebody who was erased is over; one whose key is out of reach waits, however long it takes."""

from datetime import datetime, timedelta
from typing import Any

from shared.language.errors import PartDown, PersonErased
from shared.language.events import CaseCompleted, Source
from shared.plumbing import tables
from shared.plumbing.listener import Listener
from shared.plumbing.receipt import Receipt
from shared.plumbing.worker import PUT_ASIDE, VAULT_RETRY
from tests.plumbing.bench import Bench, drain, entry, envelope, hearing, note_effect


def erased(key: str, number: int) -> Listener:
    """Ears for which one fact is about somebody who was erased; they find out after they have written."""

    async def when_case_completed(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        await note_effect(event, session=session, now=now)
        if (event.key, event.documents_checked) == (key, number):
            raise PersonErased

    return hearing(when_case_completed)


def away(times: int) -> Listener:
    """Ears for which the vault is away so many times."""
    left = [PartDown] * times

    async def when_case_completed(event: CaseCompleted, *, session: Any, now: datetime) -> None:
        await note_effect(event, session=session, now=now)
        if left:
            raise left.pop()

    return hearing(when_case_completed)


async def test_it_is_put_aside_as_done_with_a_note_and_without_effect_and_its_case_goes_on(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1), envelope("a", 2), envelope("b", 1))
    await drain(bench.worker(erased("a", 1)))
    first = await bench.message(tables.inbox.c.key == "a", tables.inbox.c.seq == 1)
    assert (first.state, first.error, first.attempts) == (tables.DONE, PUT_ASIDE, 0)
    assert sorted(await bench.effects()) == [("a", 2), ("b", 1)]


async def test_where_it_comes_off_the_stream_it_is_put_aside_as_well(bench: Bench) -> None:
    listener = erased("a", 1)
    receipt = Receipt(database=bench.database, listener=listener, clock=bench.clock)
    await receipt.take(Source.INTAKE, [entry(envelope("a", 1))])
    await drain(bench.worker(listener))
    message = await bench.message()
    assert (message.state, message.error) == (tables.DONE, PUT_ASIDE)
    assert await bench.effects() == []


async def test_while_the_vault_is_away_it_waits_and_is_never_dead(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    worker = bench.worker(away(40), max_attempts=3)
    for _ in range(15):
        await drain(worker)
        message = await bench.message()
        assert (message.state, message.attempts) == (tables.READY, 0)
        assert message.due_at - bench.clock.now() == VAULT_RETRY
        bench.clock.forward(VAULT_RETRY + timedelta(seconds=1))
    assert await bench.effects() == []


async def test_once_the_vault_is_back_it_takes_effect_once(bench: Bench) -> None:
    await bench.arrive(envelope("a", 1))
    worker = bench.worker(away(2))
    await drain(worker)
    bench.clock.forward(VAULT_RETRY)
    await drain(worker)
    bench.clock.forward(VAULT_RETRY)
    await drain(worker)
    assert await bench.effects() == [("a", 1)]
