"""Telling: a fact is told with the change that it states, numbered without a gap, or not at all."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from shared.language.errors import BodyTooLarge
from shared.plumbing import tables
from shared.plumbing.database import Database
from shared.plumbing.envelope import ENVELOPE_LIMIT_BYTES, Envelope
from shared.plumbing.outbox import tell
from tests.harness.desk import NOON
from tests.plumbing.bench import count_in, fact, rows_in, tell_facts


async def seqs(database: Database, key: str) -> list[int]:
    return [row.seq for row in await rows_in(database, tables.outbox, tables.outbox.c.key == key)]


async def test_facts_about_one_case_are_numbered_from_one_without_a_gap(database: Database) -> None:
    await tell_facts(database, ("a", 1), ("b", 1), ("a", 2), ("a", 3), ("b", 2))
    assert await seqs(database, "a") == [1, 2, 3]
    assert await seqs(database, "b") == [1, 2]


async def test_a_fact_of_a_transaction_that_rolled_back_was_never_told(database: Database) -> None:
    async def tell_and_fail() -> None:
        async with database.write() as session:
            await tell(session, fact("a", 1), at=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await tell_and_fail()
    await tell_facts(database, ("a", 2))
    (row,) = await rows_in(database, tables.outbox)
    assert (row.seq, Envelope.model_validate_json(row.envelope).event()) == (1, fact("a", 2))


async def test_facts_of_one_transaction_are_told_together_in_order(database: Database) -> None:
    async with database.write() as session:
        for number in (1, 2, 3):
            await tell(session, fact("a", number), at=NOON)
    assert await seqs(database, "a") == [1, 2, 3]


async def test_eight_writers_about_one_case_leave_gapless_numbers(database: Database) -> None:
    async def write(writer: int) -> None:
        await tell_facts(database, *(("a", 10 * writer + number) for number in range(5)), (f"own-{writer}", 1))

    await asyncio.gather(*(write(writer) for writer in range(8)))
    assert sorted(await seqs(database, "a")) == list(range(1, 41))
    assert await seqs(database, "a") == sorted(await seqs(database, "a"))


async def test_a_writer_that_gives_up_leaves_no_gap_for_the_others(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.write() as session:
            await tell(session, fact("a", number), at=NOON)
            if number % 2:
                raise RuntimeError

    await asyncio.gather(*(write(number) for number in range(8)), return_exceptions=True)
    assert sorted(await seqs(database, "a")) == [1, 2, 3, 4]


async def test_the_database_refuses_two_facts_with_one_number(database: Database) -> None:
    await tell_facts(database, ("a", 1))
    (row,) = await rows_in(database, tables.outbox)
    again = dict(row._mapping) | {"id": None, "event_id": "another"}
    again.pop("id")
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await (await session.connection()).execute(tables.outbox.insert().values(**again))


async def test_a_fact_that_no_listener_would_take_in_is_refused_where_it_is_told(database: Database) -> None:
    far_too_long = fact("a", 1).model_copy(update={"reference": "R" * ENVELOPE_LIMIT_BYTES})
    with pytest.raises(BodyTooLarge):
        async with database.write() as session:
            await tell(session, far_too_long, at=NOON)
    assert await count_in(database, tables.outbox) == 0
