"""The order of a key: 1, 2, 3… and never a step that is not the next."""

from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import UTCDateTime
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.plumbing.database import ARRIVED
from shared.plumbing.tables import cursors, inbox, is_ready

_first = {
    name: insert(cursors)
    .values(source=bindparam("of_source"), key=bindparam("of_key"), seq=1)
    .on_conflict_do_nothing()
    .returning(cursors.c.seq)
    for name, insert in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))
}
_next = (
    update(cursors)
    .where(
        cursors.c.source == bindparam("of_source"),
        cursors.c.key == bindparam("of_key"),
        cursors.c.seq == bindparam("to") - 1,
    )
    .values(seq=bindparam("to"))
    .returning(cursors.c.seq)
)
_call_up = (
    update(inbox)
    .where(
        inbox.c.source == bindparam("of_source"),
        inbox.c.key == bindparam("of_key"),
        inbox.c.seq == bindparam("next_seq"),
        # Also one that is due already: a claim beside us may be about to put it aside.
        is_ready,
    )
    # What it may wait for from now on, it has not waited for yet.
    .values(due_at=bindparam("now", type_=UTCDateTime()), received_at=bindparam("now", type_=UTCDateTime()))
)


async def step(session: AsyncSession, *, source: str, key: str, seq: int, now: datetime) -> bool:
    """Note that `seq` took effect or was given up, and call up what waits behind it; false if it was not the next."""
    connection = await session.connection()
    of = {"of_source": source, "of_key": key}
    if seq == 1:
        stepped = await connection.execute(_first[connection.dialect.name], of)
    else:
        stepped = await connection.execute(_next, of | {"to": seq})
    if stepped.first() is None:
        return False
    called_up = await connection.execute(_call_up, of | {"next_seq": seq + 1, "now": now})
    if called_up.rowcount:
        session.info[ARRIVED] = True
    return True
