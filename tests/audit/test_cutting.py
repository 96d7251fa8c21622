"""What is older than it has to be kept may go: from the beginning of a chain alone, and the rest is whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.intake.main import INTAKE
from shared.plumbing.audit.checking import broken_in
from shared.plumbing.audit.cutting import KEPT_AT_LEAST, Cut, TooYoung, cut
from shared.plumbing.audit.entry import Entry, Kind, written
from shared.plumbing.audit.keeping import append
from shared.plumbing.audit.tables import entries
from shared.plumbing.database import Database
from shared.plumbing.origin import new_id
from tests.audit.book import Intruder, broken, file_of, kept
from tests.harness.containers import PostgresServer
from tests.harness.desk import Desk, open_desk

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CHAIN = "case:a"
OLD = LONG_AGO + timedelta(days=30)


async def write(database: Database, *ages: int, chain: str = CHAIN) -> None:
    """An entry for each age, so many days after `LONG_AGO`."""
    async with database.write() as session:
        some = []
        for days in ages:
            at = written(LONG_AGO + timedelta(days=days))
            some.append(Entry(id=new_id(), chain=chain, kind=Kind.LOOKED, act="made up", at=at, machine_at=at))
        await (await session.connection()).run_sync(append, some)


async def cut_all(database: Database, *, before: datetime = OLD) -> list[Cut]:
    return [one async for one in cut(database, before=before, by="operator", now=NOW)]


async def numbers(database: Database) -> list[tuple[str, int]]:
    found = await kept(database, entries.c.chain == CHAIN)
    return sorted(((one.kind, one.number) for one in found), key=lambda one: one[1])


async def refuses_to_forget(database: Database) -> bool:
    try:
        async with database.engine.begin() as connection:
            await connection.execute(text("DELETE FROM audit_entries"))
    except DBAPIError as error:
        return "the trail is only added to" in str(error.orig)
    return False


async def claims(database: Database) -> None:
    """What holds on either database."""
    await write(database, 1, 2, 3, 40, 41)
    await write(database, 50, chain="case:b")
    assert await cut_all(database) == [Cut(CHAIN, 3)]
    assert await numbers(database) == [("cut", 3), ("looked", 4), ("looked", 5)]
    assert await broken(database) == []
    assert await cut_all(database) == []
    await write(database, 42)
    assert await cut_all(database, before=LONG_AGO + timedelta(days=41)) == [Cut(CHAIN, 2)]
    assert await numbers(database) == [("cut", 4), ("looked", 5), ("looked", 6)]
    assert await broken(database) == []
    assert await broken_in(database, CHAIN) is None
    assert await refuses_to_forget(database)


async def test_the_beginning_is_cut_and_the_rest_is_whole(intake: Desk) -> None:
    await claims(intake.runtime.database)


@pytest.mark.containers
async def test_the_beginning_is_cut_on_postgresql_too(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await postgres_server.new_database()
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url) as desk:
        await claims(desk.runtime.database)


async def test_a_chain_keeps_its_last_entry_however_old(intake: Desk) -> None:
    await write(intake.runtime.database, 1, 2, 3)
    assert await cut_all(intake.runtime.database) == [Cut(CHAIN, 2)]
    assert await numbers(intake.runtime.database) == [("cut", 2), ("looked", 3)]
    assert await broken(intake.runtime.database) == []


async def test_what_has_to_be_kept_is_not_cut(intake: Desk) -> None:
    with pytest.raises(TooYoung):
        await cut_all(intake.runtime.database, before=NOW - KEPT_AT_LEAST + timedelta(seconds=1))


async def test_a_broken_chain_is_left_as_evidence(intake: Desk) -> None:
    database = intake.runtime.database
    await write(database, 1, 2, 40)
    intruder = Intruder(file_of(database))
    intruder.do("UPDATE audit_entries SET act = 'another' WHERE chain = ? AND number = 1", CHAIN)
    intruder.close()
    (left,) = await cut_all(database)
    assert (left.entries, left.broken is not None) == (0, True)
    assert len(await numbers(database)) == 3


FORGERIES: list[tuple[str, tuple[Any, ...]]] = [
    ("DELETE FROM audit_entries WHERE chain = ? AND number = 3", (CHAIN,)),
    ("UPDATE audit_entries SET number = 4, id = 'x' WHERE chain = ? AND number = 3", (CHAIN,)),
    ("UPDATE audit_entries SET shown = hash WHERE chain = ? AND number = 3", (CHAIN,)),
]


@pytest.mark.parametrize(("forgery", "values"), FORGERIES)
async def test_nobody_without_the_key_can_cut(intake: Desk, forgery: str, values: tuple[Any, ...]) -> None:
    database = intake.runtime.database
    await write(database, 1, 2, 3, 40, 41)
    await cut_all(database)
    intruder = Intruder(file_of(database))
    intruder.do("DELETE FROM audit_entries WHERE chain = ? AND number = 4", CHAIN)
    intruder.do(forgery, *values)
    intruder.close()
    assert await broken(database) != []
