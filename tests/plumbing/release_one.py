"""A worker as the first release had it, by the statements that it sends: one that still runs while the next starts."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shared.plumbing.clock import SystemClock
from shared.plumbing.envelope import Envelope
from shared.plumbing.origin import new_id
from shared.plumbing.tables import DONE, READY, cursors, inbox
from tests.plumbing.bench import Bench, note_effect


class WorkerOfReleaseOne:
    """Claims twenty, takes one after the other; knows nothing of what came later."""

    def __init__(self, bench: Bench) -> None:
        self._database = bench.database
        self._clock = bench.clock

    async def work_once(self) -> int:
        claimed = await self._claim()
        for row, lease in claimed:
            await self._take(row, lease)
        return len(claimed)

    async def _claim(self) -> list[tuple[Any, str]]:
        lease, real_now = new_id(), SystemClock().now()
        its_turn = or_(inbox.c.seq.is_(None), inbox.c.seq == func.coalesce(cursors.c.seq, 0) + 1)
        due = (
            select(inbox.c.id)
            .outerjoin(cursors, and_(cursors.c.source == inbox.c.source, cursors.c.key == inbox.c.key))
            .where(
                inbox.c.state == READY,
                inbox.c.due_at <= self._clock.now(),
                or_(inbox.c.leased_until.is_(None), inbox.c.leased_until < real_now),
                its_turn,
            )
            .order_by(inbox.c.due_at, inbox.c.id)
            .limit(20)
        )
        async with self._database.write() as session:
            rows = await (await session.connection()).execute(
                update(inbox)
                .where(inbox.c.id.in_(due.with_for_update(skip_locked=True, of=inbox).scalar_subquery()))
                .values(lease=lease, leased_until=real_now + timedelta(seconds=30))
                .returning(inbox.c.id, inbox.c.envelope)
            )
            return [(row, lease) for row in sorted(rows.all(), key=lambda row: int(row.id))]

    async def _take(self, row: Any, lease: str) -> None:
        envelope = Envelope.model_validate_json(row.envelope)
        async with self._database.write() as session:
            connection = await session.connection()
            done = await connection.execute(
                update(inbox)
                .where(inbox.c.id == row.id, inbox.c.lease == lease, inbox.c.state == READY)
                .values(state=DONE, done_at=self._clock.now(), error=None)
            )
            if done.rowcount != 1:
                return
            insert = sqlite_insert if self._database.is_sqlite else postgresql_insert
            await connection.execute(
                insert(cursors)
                .values(source=envelope.source, key=envelope.key, seq=envelope.seq)
                .on_conflict_do_update(index_elements=["source", "key"], set_={"seq": envelope.seq})
            )
            await note_effect(envelope.event(), session=session, now=self._clock.now())  # type: ignore[arg-type]
