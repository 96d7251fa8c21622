"""From the stream into the inbox table: every entry is kept once, in a commit, and only then acknowledged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from shared.language.events import Source
from shared.plumbing.database import ARRIVED, Database, insert_new
from shared.plumbing.envelope import ENVELOPE_LIMIT_BYTES, Envelope, what_is_wrong
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import DEAD, READY, inbox
from shared.plumbing.timers import TIMER

DATA = b"__data__"
RAW_KEPT_BYTES = 16_000_000
SEQ_LIMIT = 2**31 - 1

RESERVED = (f"{TIMER}:", "unreadable:")
ADD_NEW = {name: insert_new(inbox, sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}

Entry = tuple[bytes, dict[bytes, bytes]]
"""An entry's id and fields, as the stream gives them."""


@dataclass(frozen=True)
class Received:
    """One entry as an inbox row; without an envelope where nobody can read it."""

    row: dict[str, Any]
    envelope: Envelope | None


async def take_in(database: Database, *, source: Source, entries: list[Entry], now: datetime) -> None:
    """Keep every entry once. One that nobody can read is kept too, as dead, with its bytes and the reason."""
    await keep(database, read(source=source, entries=entries, now=now))


async def keep(database: Database, received: list[Received]) -> None:
    """Leave to the worker what was received."""
    async with database.write() as session:
        session.info[ARRIVED] = True
        connection = await session.connection()
        await connection.execute(ADD_NEW[connection.dialect.name], [one.row for one in received])
        reach(StopPoint.INBOX_BEFORE_COMMIT)


def read(*, source: Source, entries: list[Entry], now: datetime) -> list[Received]:
    """The entries as rows that wait for the worker."""
    return [_received(source=source, entry_id=entry_id, fields=fields, now=now) for entry_id, fields in entries]


def _received(*, source: Source, entry_id: bytes, fields: dict[bytes, bytes], now: datetime) -> Received:
    body = fields.get(DATA)
    kept: dict[str, Any] = {"source": source.value, "due_at": now, "received_at": now, "attempts": 0, "done_at": None}
    try:
        envelope = _read(body, source=source)
    except ValueError as error:
        whole = b" ".join(part for pair in fields.items() for part in pair) if body is None else body
        row = kept | {
            "event_id": f"unreadable:{source.value}:{entry_id.decode()}",
            "type": "unreadable",
            "key": f"unreadable:{entry_id.decode()}",
            "seq": None,
            "envelope": None,
            "raw": whole[:RAW_KEPT_BYTES],
            "state": DEAD,
            "error": _why(error, size=len(whole)),
        }
        return Received(row, None)
    row = kept | {
        "event_id": envelope.id,
        "type": envelope.type,
        "key": envelope.key,
        "seq": envelope.seq,
        "envelope": envelope.model_dump_json(),
        "raw": None,
        "state": READY,
        "error": None,
    }
    return Received(row, envelope)


def _read(body: bytes | None, *, source: Source) -> Envelope:
    if body is None:
        raise ValueError("the entry has no field that is ours")
    if len(body) > ENVELOPE_LIMIT_BYTES:
        raise ValueError(f"the entry is larger than {ENVELOPE_LIMIT_BYTES} bytes")
    envelope = Envelope.model_validate_json(body)
    if envelope.source != source.value or envelope.seq is None or not 1 <= envelope.seq <= SEQ_LIMIT:
        raise ValueError("the envelope names another source or no number")
    # What a column cannot hold would fail with the whole batch, again and again.
    if "\0" in envelope.id + envelope.type + envelope.key:
        raise ValueError("the envelope has a NUL in its id, type or key")
    if envelope.id.startswith(RESERVED):
        raise ValueError("the envelope has an id of our own making")
    return envelope


def _why(error: ValueError, *, size: int) -> str:
    return f"{what_is_wrong(error) if isinstance(error, ValidationError) else error} ({size} bytes)"
