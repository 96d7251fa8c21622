"""Readiness: which part is down and why, told within two seconds even by a process whose parts hang."""

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from athar.stack.one import say_alive
from athar.stack.valkey import EmbeddedValkey
from shared.plumbing.readiness import OLDEST_UNSENT
from shared.plumbing.vault import VAULT
from tests.harness.containers import PostgresServer
from tests.operations.conftest import OpenLone
from tests.operations.house import House
from tests.operations.lone import Lone
from tests.plumbing.bench import tell_facts
from tests.plumbing.waiting import eventually

PATIENCE = 2.0
PARTS = ["database", "migrations", "stream", "outbox", "vault"]


@asynccontextmanager
async def silence() -> AsyncIterator[int]:
    """A port at which everything is taken and nothing is ever answered."""
    held = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append((reader, writer))

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        for _, writer in held:
            writer.transport.abort()
        server.close()


async def test_a_service_whose_parts_are_well_is_ready(service: Lone) -> None:
    status, readiness = await service.readiness()
    assert (status, readiness.status, readiness.service) == (200, "ready", "feedback")
    assert [part.name for part in readiness.parts] == PARTS
    assert {part.reason for part in readiness.parts} == {None}


async def test_without_the_vault_of_the_peoples_keys_a_service_is_down(service: Lone, tmp_path: Path) -> None:
    VAULT.close()
    (tmp_path / "vault.db").rename(tmp_path / "elsewhere.db")
    assert await service.wrong() == {"vault": "PartDown"}
    assert (await service.readiness())[0] == 503


async def test_a_process_that_carries_messages_also_says_whether_its_ears_are_open(service: Lone) -> None:
    async with service.runtime.working():

        async def listening() -> bool:
            return not await service.wrong()

        await eventually(listening)
        _, readiness = await service.readiness()
        assert [part.name for part in readiness.parts] == [
            "database",
            "migrations",
            "stream",
            "ears",
            "outbox",
            "vault",
        ]
        for subscriber in service.runtime.broker.subscribers:
            await subscriber.stop()
        status, readiness = await service.readiness()
        assert (status, readiness.wrong) == (503, "ears: a subscriber does not run")


async def test_a_desk_goes_on_without_the_stream_and_says_that_it_is_away(open_service: OpenLone) -> None:
    async with open_service() as service:
        status, readiness = await service.readiness()
    assert (status, readiness.status, readiness.wrong) == (200, "degraded", "stream: ConnectionError")


async def test_a_worker_without_the_stream_is_down(open_service: OpenLone) -> None:
    async with open_service() as service:
        service.runtime.watchman.ears = lambda: True
        status, readiness = await service.readiness()
    assert (status, readiness.status, readiness.wrong) == (503, "down", "stream: ConnectionError")


async def test_a_stream_that_hangs_is_told_within_two_seconds(open_service: OpenLone) -> None:
    async with silence() as port, open_service(redis_url=f"redis://127.0.0.1:{port}/0") as service:
        async with asyncio.timeout(PATIENCE):
            assert list(await service.wrong()) == ["stream"]


async def test_a_database_that_hangs_is_told_within_two_seconds_however_often_one_asks(
    open_service: OpenLone, valkey: EmbeddedValkey
) -> None:
    async with silence() as port:
        url = f"postgresql+asyncpg://nobody@127.0.0.1:{port}/nowhere"
        async with open_service(database_url=url, redis_url=valkey.url, migrated=False) as service:
            for _ in range(2):
                async with asyncio.timeout(PATIENCE):
                    status, readiness = await service.readiness()
                wrong = [part.name for part in readiness.parts if not part.ok]
                assert (status, wrong) == (503, ["database", "migrations", "outbox"])
            assert len([task for task in asyncio.all_tasks() if "_wrong_with" in repr(task)]) == 3


async def test_a_database_in_which_somebody_writes_for_ever_is_told(
    open_service: OpenLone, valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    async with open_service(redis_url=valkey.url) as service:
        other = sqlite3.connect(tmp_path / "feedback.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(PATIENCE):
            assert await service.wrong() == {"database": "no answer within 1.5 s"}
        other.rollback()
        other.close()

        async def well() -> bool:
            return not await service.wrong()

        await eventually(well)


@pytest.mark.containers
async def test_a_database_that_can_only_be_read_is_down(
    open_service: OpenLone, postgres_server: PostgresServer, valkey: EmbeddedValkey
) -> None:
    async with open_service(database_url=await postgres_server.new_database(), redis_url=valkey.url) as service:
        database = service.runtime.database
        async with database.engine.begin() as connection:
            name = await connection.scalar(text("SELECT current_database()"))
            await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        await database.engine.dispose()
        wrong = await service.wrong()
    assert list(wrong) == ["database"]


async def test_a_database_that_is_behind_this_release_is_down(service: Lone) -> None:
    await set_version(service, "0001")
    assert (await service.readiness())[0] == 503
    assert list(await service.wrong()) == ["migrations"]


async def test_a_database_that_a_newer_release_brought_further_is_well(service: Lone) -> None:
    await set_version(service, "9999")
    assert await service.wrong() == {}


async def set_version(service: Lone, version: str) -> None:
    async with service.runtime.database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


async def test_a_fact_that_waits_for_a_minute_to_be_published_is_told(service: Lone) -> None:
    await tell_facts(service.runtime.database, ("a", 1))
    service.clock.forward(OLDEST_UNSENT - timedelta(seconds=1))
    assert await service.wrong() == {}
    service.clock.forward(timedelta(seconds=1))
    assert await service.wrong() == {"outbox": "the oldest unsent message waits for 60 s"}


async def test_looking_leaves_nothing_in_the_database(service: Lone) -> None:
    await service.readiness()
    async with service.runtime.database.read() as session:
        connection = await session.connection()
        assert await connection.scalar(text("SELECT count(*) FROM idempotent_answers")) == 0


async def test_a_reason_names_no_address_and_no_password(open_service: OpenLone, postgres_free_port: int) -> None:
    url = f"postgresql+asyncpg://secretive:hidden@127.0.0.1:{postgres_free_port}/nowhere"
    async with open_service(database_url=url, migrated=False) as service:
        answer = await service.client.get("/ready")
    assert answer.status_code == 503
    assert not {word for word in ("secretive", "hidden", "127.0.0.1") if word in answer.text}


@pytest.fixture
async def postgres_free_port() -> int:
    """A port at which nobody listens."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    return port


async def test_a_worker_s_file_is_touched_while_all_parts_are_well_and_the_log_says_which_is_not(
    service: Lone, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    file = tmp_path / "alive"
    await say_alive(service.runtime, file)
    os.utime(file, (0, 0))
    service.runtime.watchman.ears = lambda: False
    await say_alive(service.runtime, file)
    assert file.stat().st_mtime == 0
    assert "feedback is down: ears: a subscriber does not run" in caplog.text


async def test_alive_is_not_ready(open_service: OpenLone) -> None:
    async with open_service() as service:
        service.runtime.watchman.ears = lambda: False
        answers: list[httpx.Response] = [await service.client.get(path) for path in ("/health", "/ready")]
    assert [answer.status_code for answer in answers] == [200, 503]


async def test_the_one_origin_says_of_all_four_services_which_part_is_down(house: House) -> None:
    async def ready() -> bool:
        return (await house.client.get("/ready")).status_code == 200

    await eventually(ready)
    house.runtimes["feedback"].watchman.ears = lambda: False
    answer = await house.client.get("/ready")
    down = [name for name, one in answer.json()["services"].items() if one["status"] != "ready"]
    assert (answer.status_code, answer.json()["ready"], down) == (503, False, ["feedback"])
