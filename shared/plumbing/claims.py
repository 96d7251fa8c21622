"""Which messages a worker takes next: due, nobody else's, and next in the order of their key.

A claim is a lease. What is due and not yet in turn is put aside until its predecessor took effect, so that a thousand
cases that wait behind a dead message cost the others nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import UTCDateTime

from shared.plumbing.clock import SystemClock
from shared.plumbing.database import Database
from shared.plumbing.envelope import Envelope, EventUnknown, what_is_wrong
from shared.plumbing.origin import new_id
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import DEAD, cursors, inbox, is_event_ready, is_ready

LOOK_AT = 200
CLAIM = 20
PUT_ASIDE_AFTER = timedelta(seconds=2)
PUT_ASIDE_FOR = timedelta(minutes=1)
LONGEST_RETRY = timedelta(minutes=5)
SUSPECT_FROM_CLAIMS = 2
"""Claimed so often without a word from the worker: it may be what ends it, and is taken alone from now on."""

_reached = func.coalesce(cursors.c.seq, 0)
_due = (
    select(
        inbox.c.id,
        inbox.c.source,
        inbox.c.key,
        inbox.c.seq,
        inbox.c.received_at,
        inbox.c.claims,
        _reached.label("reached"),
    )
    .outerjoin(cursors, and_(cursors.c.source == inbox.c.source, cursors.c.key == inbox.c.key))
    .where(
        is_ready,
        inbox.c.due_at <= bindparam("now", type_=UTCDateTime()),
        or_(
            inbox.c.leased_until.is_(None),
            inbox.c.leased_until < bindparam("real_now", type_=UTCDateTime()),
            # Too long to be a lease: taken while a clock was fast, that has been set right.
            inbox.c.leased_until > bindparam("too_late", type_=UTCDateTime()),
        ),
    )
    .order_by(inbox.c.due_at, inbox.c.id)
    .limit(LOOK_AT)
)
_due_and_free = _due.with_for_update(skip_locked=True, of=inbox)
_lease = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        lease=bindparam("lease_name"),
        leased_until=bindparam("until", type_=UTCDateTime()),
        claims=inbox.c.claims + 1,
    )
    .returning(
        inbox.c.id,
        inbox.c.source,
        inbox.c.key,
        inbox.c.seq,
        inbox.c.envelope,
        inbox.c.attempts,
        inbox.c.received_at,
        inbox.c.claims,
    )
)
_put_aside = (
    update(inbox)
    .where(
        inbox.c.id.in_(bindparam("ids", expanding=True)),
        # Looked at again, in a later snapshot: the predecessor may have taken effect since.
        inbox.c.seq
        > 1
        + func.coalesce(
            select(cursors.c.seq)
            .where(cursors.c.source == inbox.c.source, cursors.c.key == inbox.c.key)
            .scalar_subquery(),
            0,
        ),
    )
    .values(due_at=bindparam("later", type_=UTCDateTime()))
)
_bury = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=DEAD, error=bindparam("why"), lease=None, leased_until=None)
)


# Longer than any retry waits: it came in while a clock was fast, that has been set right.
_is_ahead = and_(is_event_ready, inbox.c.due_at > bindparam("too_late", type_=UTCDateTime()))
_ahead = select(inbox.c.id).where(_is_ahead).limit(1)
_set_right = (
    update(inbox)
    .where(_is_ahead)
    .values(due_at=bindparam("now", type_=UTCDateTime()), received_at=bindparam("now", type_=UTCDateTime()))
)
_leave = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(lease=None, leased_until=None, claims=inbox.c.claims - 1)
)


@dataclass(frozen=True)
class Claimed:
    """One inbox row that this worker holds."""

    id: int
    envelope: Envelope
    attempts: int
    received_at: datetime
    lease: str
    about: tuple[str, str]
    """Source and key, as the row has them: its order is theirs."""
    seq: int | None


class Claims:
    """One worker's hand: what it holds now."""

    def __init__(self, database: Database, *, lease: timedelta, max_claims: int) -> None:
        self._database = database
        self._for = lease
        self._max_claims = max_claims
        self.more = False
        """Whether the last look left something that may be taken at once."""
        self._name: str | None = None

    async def take(self, *, now: datetime, surely: bool = False) -> list[Claimed]:
        """Claim what is next, at most a handful. `surely`: there is something, so no look before the lock."""
        self.more = False
        real_now = SystemClock().now()
        clocks = {"now": now, "real_now": real_now, "too_late": real_now + 2 * self._for}
        if not surely and not await self._worth_a_lock(clocks):
            return []
        self._name = new_id()
        async with self._database.write() as session:
            connection = await session.connection()
            rows = (await connection.execute(_due_and_free, clocks)).all()
            in_turn = _in_turn(rows)
            cleared = await self._clear_away(connection, rows, now=now)
            claimed = await self._lease(connection, in_turn, until=real_now + self._for) if in_turn else []
            reach(StopPoint.CLAIM_BEFORE_COMMIT)
        reach(StopPoint.CLAIM_AFTER_COMMIT)
        self.more = len(claimed) < len(in_turn) or (len(rows) == LOOK_AT and bool(in_turn or cleared))
        return claimed

    async def _worth_a_lock(self, clocks: dict[str, datetime]) -> bool:
        """Looking costs no lock: an idle service does not write."""
        async with self._database.read() as session:
            rows = (await (await session.connection()).execute(_due, clocks)).all()
        return any(row.seq is None or row.seq <= row.reached + 1 or _waits_long(row, clocks["now"]) for row in rows)

    async def _clear_away(self, connection: AsyncConnection, rows: Any, *, now: datetime) -> int:
        """Put aside what waits, bury what has another's number; how many rows are out of the way."""
        aside = [row.id for row in rows if row.seq is not None and row.seq > row.reached + 1 and _waits_long(row, now)]
        if aside:
            await connection.execute(_put_aside, {"ids": aside, "later": now + PUT_ASIDE_FOR})
        if taken := [row.id for row in rows if row.seq is not None and row.seq <= row.reached]:
            why = "another fact had this number: its source was restored from an older copy, or told twice"
            await connection.execute(_bury, {"ids": taken, "why": why})
        return len(aside) + len(taken)

    async def _lease(self, connection: AsyncConnection, in_turn: list[Any], *, until: datetime) -> list[Claimed]:
        fresh = [row.id for row in in_turn if row.claims < SUSPECT_FROM_CLAIMS][:CLAIM]
        ids = [in_turn[0].id] if in_turn[0].claims >= SUSPECT_FROM_CLAIMS else fresh
        rows = await connection.execute(_lease, {"ids": ids, "lease_name": self._name, "until": until})
        claimed: list[Claimed] = []
        behind: dict[tuple[str, str], list[int]] = {}
        for row in sorted(rows.all(), key=lambda row: ids.index(row.id)):
            about = (row.source, row.key)
            if about in behind:
                behind[about].append(row.id)
                continue
            envelope, why = self._open(row)
            if envelope is not None:
                claimed.append(_claimed(row, envelope, lease=str(self._name)))
            elif any(one.about == about and one.seq is not None for one in claimed):
                # Not yet in turn: it is looked at again when what is before it took effect.
                behind[about] = [row.id]
            else:
                # Damaged, written by another release, or what ends its workers: it must not hold up the others.
                await connection.execute(_bury, {"ids": [row.id], "why": why})
                if row.seq is not None:
                    behind[about] = []
        if left := [row_id for rows_behind in behind.values() for row_id in rows_behind]:
            await connection.execute(_leave, {"ids": left})
        return claimed

    def _open(self, row: Any) -> tuple[Envelope | None, str]:
        if row.claims > self._max_claims:
            return None, f"its worker ended or hung each of {self._max_claims} times that it was taken"
        try:
            return Envelope.model_validate_json(row.envelope), ""
        except ValidationError as error:
            return None, f"{EventUnknown.__name__}: {what_is_wrong(error)}"

    async def set_right(self, *, now: datetime) -> int:
        """Have taken what a clock that was fast put off; how many those were. Timers keep their day."""
        clocks = {"too_late": now + 2 * LONGEST_RETRY}
        async with self._database.read() as session:
            if (await (await session.connection()).execute(_ahead, clocks)).first() is None:
                return 0
        async with self._database.write() as session:
            return (await (await session.connection()).execute(_set_right, clocks | {"now": now})).rowcount

    async def renew(self, message: Claimed) -> bool:
        """A whole lease for what takes long; false when another worker has it already."""
        async with self._database.write() as session:
            renewed = await (await session.connection()).execute(
                update(inbox)
                .where(inbox.c.id == message.id, inbox.c.lease == message.lease, is_ready)
                .values(leased_until=SystemClock().now() + self._for)
            )
        return bool(renewed.rowcount == 1)

    async def give_back(self, messages: Iterable[Claimed]) -> None:
        """Free what was claimed and not begun, as if it had never been taken."""
        if ids := [message.id for message in messages]:
            await self._free(inbox.c.id.in_(ids))

    async def let_go(self, *, begun: Claimed | None = None) -> None:
        """Free all that is still in hand. What was begun keeps its count: it may be what ended the work."""
        if begun is not None:
            await self._free(inbox.c.id != begun.id)
            await self._free(counted=True)
        else:
            await self._free()

    async def _free(self, *which: ColumnElement[bool], counted: bool = False) -> None:
        if self._name is not None:
            async with self._database.write() as session:
                await (await session.connection()).execute(
                    update(inbox)
                    .where(inbox.c.lease == self._name, is_ready, *which)
                    .values(lease=None, leased_until=None, claims=inbox.c.claims - (0 if counted else 1))
                )


def _claimed(row: Any, envelope: Envelope, *, lease: str) -> Claimed:
    return Claimed(
        id=row.id,
        envelope=envelope,
        attempts=row.attempts,
        received_at=row.received_at,
        lease=lease,
        about=(row.source, row.key),
        seq=row.seq,
    )


def _in_turn(rows: Iterable[Any]) -> list[Any]:
    """Those that may be taken one after the other: of each key the next, and those that follow it without a gap."""
    reached: dict[tuple[str, str], int] = {}
    found = []
    for row in rows:
        about = (row.source, row.key)
        if row.seq is None or row.seq == reached.get(about, row.reached) + 1:
            found.append(row)
            if row.seq is not None:
                reached[about] = row.seq
    return found


def _waits_long(row: Any, now: datetime) -> bool:
    return bool(now - row.received_at > PUT_ASIDE_AFTER)
