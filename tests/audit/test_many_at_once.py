"""Many at once on one case: one chain without gap or fork, nobody waits in a circle, and no entry twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from shared.language.roles import Role
from shared.plumbing.audit.entry import Entry, Kind
from shared.plumbing.audit.keeping import append
from shared.plumbing.audit.looks import Looks
from shared.plumbing.audit.words import person_chain
from shared.plumbing.database import Database
from shared.plumbing.origin import new_id
from tests.audit.book import broken, kept
from tests.harness.desk import ASSOCIATION
from tests.plumbing.counter import FACTS, Counter, open_counter


@pytest.fixture
async def counter(database_url: str, tmp_path: Path) -> AsyncIterator[Counter]:
    async with open_counter(database_url, tmp_path) as counter:
        yield counter


async def test_requests_about_one_case_make_one_chain_without_gaps(counter: Counter) -> None:
    answers = await asyncio.gather(*(counter.tell("a", n, person=f"p-{n % 5}") for n in range(40)))
    assert {answer.status_code for answer in answers} == {201}
    found = await kept(counter.runtime.database)
    assert {one.chain for one in found} == {"case:a"}
    assert sorted(one.number for one in found) == list(range(1, 41))
    assert await broken(counter.runtime.database) == []


async def test_acts_looks_and_refusals_of_many_at_once_stand_each_once(counter: Counter) -> None:
    async def look(n: int) -> int:
        answer = await counter.call("GET", f"{FACTS}/{n}", role=Role.AUDITOR, person=f"a-{n % 3}")
        return answer.status_code

    async def knock(n: int) -> int:
        answer = await counter.tell(f"c-{n % 4}", n, role=Role.AUDITOR, person=f"a-{n % 3}")
        return answer.status_code

    async def act(n: int) -> int:
        return (await counter.tell(f"c-{n % 4}", n)).status_code

    statuses = await asyncio.gather(*(do(n) for n in range(20) for do in (look, knock, act)))
    assert sorted(set(statuses)) == [200, 201, 403]
    found = await kept(counter.runtime.database)
    assert [sum(one.kind == kind for one in found) for kind in ("looked", "refused", "did")] == [20, 20, 20]
    assert {one.chain for one in found if one.kind != "did"} == {person_chain(ASSOCIATION, f"a-{n}") for n in range(3)}
    assert await broken(counter.runtime.database) == []


async def test_one_key_sent_many_times_at_once_is_one_act(counter: Counter) -> None:
    answers = await asyncio.gather(*(counter.tell("a", 1, key="k") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len(await kept(counter.runtime.database)) == 1


def entry(chain: str) -> Entry:
    at = "2026-11-22T09:00:00.000000+00:00"
    return Entry(id=new_id(), chain=chain, kind=Kind.LOOKED, act="made up", at=at, machine_at=at)


async def test_processes_that_write_for_many_people_in_every_order_do_not_wait_in_a_circle(counter: Counter) -> None:
    url = counter.runtime.own_settings.url()
    processes = [Database(url) for _ in range(4)]
    names = [f"person:-/{n}" for n in range(12)]
    orders = [names, names[::-1], names[6:] + names[:6], names[::2] + names[1::2]]
    try:
        async with asyncio.TaskGroup() as group:
            for database, order in zip(processes, orders, strict=True):
                looks = Looks(database)
                for chain in order:
                    group.create_task(looks.keep([entry(chain), entry(chain)]))
    finally:
        for database in processes:
            await database.close()
    found = await kept(counter.runtime.database)
    assert len(found) == 4 * 12 * 2
    assert await broken(counter.runtime.database) == []


async def test_an_entry_of_a_transaction_that_is_taken_back_leaves_no_gap(counter: Counter) -> None:
    database = counter.runtime.database
    for kept_at_last in (True, False, True):
        async with database.write() as session:
            await (await session.connection()).run_sync(append, [entry("case:a")])
            if not kept_at_last:
                await session.rollback()
    assert [one.number for one in await kept(database)] == [1, 2]
    assert await broken(database) == []


class Away:
    """A database that cannot be written."""

    def write(self) -> Any:
        raise OperationalError("made up", {}, OSError())


async def test_no_answer_leaves_before_its_look_or_refusal_is_kept(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter.runtime.looks, "_database", Away())
    look = await counter.call("GET", f"{FACTS}/1", role=Role.AUDITOR)
    refusal = await counter.tell(role=Role.AUDITOR)
    assert [(one.status_code, one.json()["code"]) for one in (look, refusal)] == [(503, "part_down")] * 2
    monkeypatch.undo()
    assert (await counter.call("GET", f"{FACTS}/1", role=Role.AUDITOR)).status_code == 200
    assert len(await kept(counter.runtime.database)) == 1
