"""Writing to the trail: each entry signed, behind the last one of its chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from shared.plumbing.audit.entry import NOTHING_BEFORE, Entry, Kind, audit_key, head_seal
from shared.plumbing.audit.tables import entries, heads
from shared.plumbing.audit.words import register_of
from shared.plumbing.database import insert_new
from shared.plumbing.origin import new_id

_add = insert(entries)
_look = select(heads.c.number, heads.c.hash).where(heads.c.chain == bindparam("of")).with_for_update()
_move = (
    update(heads)
    .where(heads.c.chain == bindparam("of"))
    .values(number=bindparam("to"), hash=bindparam("last"), seal=bindparam("sealed"))
)


@dataclass
class _Head:
    """The end of a chain, held until the transaction is over."""

    number: int
    last: str


def append(connection: Connection, some: Sequence[Entry]) -> None:
    """Put `some` behind their chains, within the caller's transaction; the last that it does before its commit.

    Nobody waits in a circle: a request holds one chain; who writes for several takes them in their order, and the
    registers, where a new chain is noted, after all chains.
    """
    if not some:
        return
    key, rows = audit_key(), list[dict[str, Any]]()
    begun = _extend(connection, some, rows=rows, key=key)
    _extend(connection, [_beginning(entry) for entry in begun], rows=rows, key=key)
    connection.execute(_add, rows)


def _extend(connection: Connection, some: Iterable[Entry], *, rows: list[dict[str, Any]], key: bytes) -> list[Entry]:
    """Add the rows of `some`, and move the heads; the first entries of chains that began so."""
    held: dict[str, _Head] = {}
    begun = []
    ordered = sorted(some, key=lambda entry: entry.chain)
    for entry in ordered:
        if entry.chain not in held:
            held[entry.chain] = head = _hold(connection, entry.chain)
            if head.number == 0:
                begun.append(entry)
        head = held[entry.chain]
        head.number += 1
        row = entry.placed(number=head.number, previous=head.last, key=key)
        head.last = row["hash"]
        rows.append(row)
    for chain, head in held.items():
        sealed = head_seal(chain=chain, number=head.number, last=head.last, key=key)
        connection.execute(_move, {"of": chain, "to": head.number, "last": head.last, "sealed": sealed})
    return begun


def _hold(connection: Connection, chain: str) -> _Head:
    """The head of `chain`, locked; SQLite has one writer anyway."""
    found = connection.execute(_look, {"of": chain}).first()
    if found is None:
        # Two may begin a chain at once: the second waits here for the first, and then finds its head.
        new = insert_new(heads, sqlite=connection.dialect.name == "sqlite")
        connection.execute(new, {"chain": chain, "number": 0, "hash": NOTHING_BEFORE, "seal": ""})
        found = connection.execute(_look, {"of": chain}).one()
    return _Head(number=found.number, last=found.hash)


def _beginning(first: Entry) -> Entry:
    return Entry(
        id=new_id(),
        chain=register_of(first.chain),
        kind=Kind.BEGAN,
        act="chain.began",
        object_id=None,
        shown=first.chain,
        at=first.at,
        machine_at=first.machine_at,
    )
