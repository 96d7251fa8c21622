"""An inbox row that nobody can read any more holds nobody up."""

from sqlalchemy import insert

from services.research import store
from shared.plumbing import tables
from shared.plumbing.scope import EVERYTHING
from tests.harness.desk import Desk
from tests.research.test_review import CASE, referred


async def test_a_damaged_row_is_dead_and_the_others_are_taken_in(research: Desk) -> None:
    now = research.clock.now()
    row = {
        "event_id": "damaged",
        "source": "timer",
        "type": "answer.due",
        "key": "x",
        "envelope": '{"id": "damaged", "person": "Zubayda"}',
        "state": tables.READY,
        "due_at": now,
        "attempts": 0,
        "received_at": now,
    }
    async with research.runtime.database.write(scope=EVERYTHING) as session:
        await (await session.connection()).execute(insert(tables.inbox).values(**row))
    await research.hear(referred(research))
    (error,) = await research.dead()
    assert error.startswith("EventUnknown: source: missing")
    assert "Zubayda" not in error
    async with research.runtime.database.read(scope=EVERYTHING) as session:
        assert await store.find_review(session, CASE) is not None
