"""Writing to the trail: each entry signed, behind the last one of its chain."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from shared.plumbing.audit.entry import NOTHING_BEFORE, Entry, Kind, audit_key, head_seal
from shared.plumbing.audit.tables import entries, heads
from shared.plumbing.audit.words import register_of
from shared.plumbing.database import insert_new
from shared.plumbing.origin import new_id

_add = insert(entries)
_begin = {name: insert_new(heads, sqlite=name == "sqlite") for name in ("sqlite", "postgresql")}
_look = select(heads.c.number, heads.c.hash).where(heads.c.chain == bindparam("of")).with_for_update()
_move = (
    update(heads)
    .where(heads.c.chain == bindparam("of"))
    .values(number=bindparam("to"), hash=bindparam("last"), seal=bindparam("sealed"))
)


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
    begun = []
    for chain, group in groupby(sorted(some, key=_chain_of), key=_chain_of):
        own = list(group)
        head = connection.execute(_look, {"of": chain}).first()
        if head is None:
            placed, end = _place(own, number=0, last=NOTHING_BEFORE, key=key)
            new = _begin[connection.dialect.name]
            # Two may begin a chain at once: the second waits here for the first, and then goes on behind it.
            if connection.execute(new, {"chain": chain, **end}).rowcount == 1:
                begun.append(own[0])
                rows += placed
                continue
            head = connection.execute(_look, {"of": chain}).one()
        placed, end = _place(own, number=head.number, last=head.hash, key=key)
        connection.execute(_move, {"of": chain, "to": end["number"], "last": end["hash"], "sealed": end["seal"]})
        rows += placed
    return begun


def _chain_of(entry: Entry) -> str:
    return entry.chain


def _place(some: list[Entry], *, number: int, last: str, key: bytes) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of `some` behind this end of their chain, and the new end."""
    rows = []
    for entry in some:
        number += 1
        row = entry.placed(number=number, previous=last, key=key)
        last = row["hash"]
        rows.append(row)
    seal = head_seal(chain=some[0].chain, number=number, last=last, key=key)
    return rows, {"number": number, "hash": last, "seal": seal}


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
