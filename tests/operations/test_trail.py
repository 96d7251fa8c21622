"""What one database knows of a fact's way, on either database."""

from shared.plumbing import tables
from shared.plumbing.tell_again import tell_again
from shared.plumbing.trail import heard_about, not_taken_in, taken_until, told_about, told_lately
from tests.operations.lone import Lone
from tests.plumbing.bench import count_in, tell_facts


async def test_what_was_told_about_a_case_is_found_in_order_and_what_is_newest_too(service: Lone) -> None:
    await tell_facts(service.runtime.database, ("a", 1), ("b", 1), ("a", 2))
    async with service.runtime.database.read() as session:
        assert [(one.key, one.seq, one.published) for one in await told_about(session, "a")] == [
            ("a", 1, False),
            ("a", 2, False),
        ]
        assert [(one.key, one.seq) for one in await told_lately(session, last=2)] == [("b", 1), ("a", 2)]
        assert await told_lately(session, last=2, kind="case.closed") == []


async def test_what_was_heard_about_a_case_is_found_by_any_of_its_names(service: Lone) -> None:
    await service.receive(("a", 1), ("b", 1), ("a", 2))
    await service.settle()
    async with service.runtime.database.read() as session:
        heard = await heard_about(session, ["a", "unheard of"])
        assert [(one.key, one.seq, one.state, one.who) for one in heard] == [
            ("a", 1, tables.DONE, "system"),
            ("a", 2, tables.DONE, "system"),
        ]
        assert await taken_until(session, "a") == {"intake": 2}


async def test_a_fact_is_not_taken_in_until_it_is_in_the_inbox_or_behind_the_cursor(service: Lone) -> None:
    await tell_facts(service.runtime.database, ("a", 1), ("a", 2), ("b", 1))
    async with service.runtime.database.read() as session:
        told = await told_lately(session, last=10)
        assert await not_taken_in(session, told, source="intake") == 3
    await service.receive(("a", 1))
    await service.settle()
    async with service.runtime.database.read() as session:
        # Another id under the same number: what the cursor has passed is done, whatever its row was.
        assert await not_taken_in(session, told, source="intake") == 2


async def test_what_is_told_again_is_unsent_and_the_rest_is_not(service: Lone) -> None:
    database = service.runtime.database
    await tell_facts(database, ("a", 1), ("a", 2), ("b", 1))
    async with database.write() as session:
        sent = tables.outbox.update().values(stream_ms=1, stream_n=0)
        await (await session.connection()).execute(sent)
    async with database.write() as session:
        assert await tell_again(session, key="a") == 2
    assert await count_in(database, tables.outbox, tables.outbox.c.stream_ms.is_(None)) == 2
