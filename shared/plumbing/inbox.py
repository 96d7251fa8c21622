"""From the stream into the inbox table: copy, commit, and only then acknowledge. Nothing else happens on receipt."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from shared.language.events import Source
from shared.plumbing.database import NEWS, Database, insert_new
from shared.plumbing.envelope import ENVELOPE_LIMIT_BYTES, Envelope
from shared.plumbing.stop_points import StopPoint, reach
from shared.plumbing.tables import DEAD, READY, inbox

DATA = b"__data__"
RAW_KEPT_BYTES = 1_000_000
SEQ_LIMIT = 2**31 - 1

Entry = tuple[bytes, dict[bytes, bytes]]
"""An entry's id and fields, as the stream gives them."""


async def take_in(database: Database, *, source: Source, entries: list[Entry], now: datetime) -> None:
    """Keep every entry once. One that nobody can read is kept too, as dead, with its bytes and the reason."""
    rows = [_row(source=source, entry_id=entry_id, fields=fields, now=now) for entry_id, fields in entries]
    async with database.write() as session:
        session.info[NEWS] = True
        connection = await session.connection()
        await connection.execute(insert_new(inbox, sqlite=database.is_sqlite), rows)
        reach(StopPoint.INBOX_BEFORE_COMMIT)


def _row(*, source: Source, entry_id: bytes, fields: dict[bytes, bytes], now: datetime) -> dict[str, Any]:
    body = fields.get(DATA)
    kept: dict[str, Any] = {"source": source.value, "due_at": now, "received_at": now, "attempts": 0}
    try:
        envelope = _read(body, source=source)
    except ValueError as error:
        whole = b" ".join(part for pair in fields.items() for part in pair) if body is None else body
        return kept | {
            "event_id": f"unreadable:{source.value}:{entry_id.decode()}",
            "type": "unreadable",
            "key": f"unreadable:{entry_id.decode()}",
            "seq": None,
            "envelope": None,
            "raw": whole[:RAW_KEPT_BYTES],
            "state": DEAD,
            "error": _why(error, size=len(whole)),
        }
    return kept | {
        "event_id": envelope.id,
        "type": envelope.type,
        "key": envelope.key,
        "seq": envelope.seq,
        "envelope": envelope.model_dump_json(),
        "raw": None,
        "state": READY,
        "error": None,
    }


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
    return envelope


def _why(error: ValueError, *, size: int) -> str:
    # Only where and what, never the input: it may be somebody's data.
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False)) + (
            f" ({size} bytes)"
        )
    return f"{error} ({size} bytes)"
