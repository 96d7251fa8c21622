"""One line of the trail, and its signature."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from shared.plumbing.audit.tables import entries
from shared.plumbing.seal import RING

PURPOSE = "athar audit 1"
SIGNED = tuple(column.name for column in entries.c if column.name != "hash")
NOTHING_BEFORE = ""


class Kind(StrEnum):
    """What an entry says that somebody did."""

    DID = "did"
    LOOKED = "looked"
    REFUSED = "refused"
    BEGAN = "began"
    """Not a person's act: a chain began, noted in a chain of its own, so that no whole chain can vanish."""
    CUT = "cut"
    """What stood before was older than it has to be kept; `shown` is the hash that the next entry goes on from."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line before it has its place in a chain. Ids and codes alone; `reason` is sealed."""

    id: str
    chain: str
    kind: Kind
    act: str
    at: str
    machine_at: str
    route: str | None = None
    association_id: str | None = None
    person_id: str | None = None
    role: str | None = None
    branch_id: str | None = None
    session_id: str | None = None
    case_id: str | None = None
    object_id: str | None = None
    subject_id: str | None = None
    shown: str | None = None
    address: str | None = None
    agent: str | None = None
    correlation_id: str | None = None
    reason: str | None = None
    status: int | None = None
    code: str | None = None

    def placed(self, *, number: int, previous: str, key: bytes) -> dict[str, Any]:
        """The row at this place of its chain, signed."""
        row = {name: getattr(self, name) for name in NAMES} | {"number": number, "previous": previous}
        row["kind"] = self.kind.value
        return row | {"hash": signature(row, key=key)}


NAMES = tuple(field.name for field in fields(Entry))


def written(at: datetime) -> str:
    """An instant as the trail keeps it: UTC, of one length, so that the order of the texts is that of time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def audit_key() -> bytes:
    """What signs the trail. Raises `RuntimeError` before the ring holds keys."""
    return RING.key_for(PURPOSE)


def signature(row: Mapping[str, Any], *, key: bytes) -> str:
    """HMAC-SHA256 over every column but itself. One that is null is left out, so that a release may add columns."""
    return _signed({name: row[name] for name in SIGNED if row[name] is not None}, key=key)


def head_seal(*, chain: str, number: int, last: str, key: bytes) -> str:
    """What only the holder of the key can put under a head."""
    return _signed({"head": chain, "number": number, "hash": last}, key=key)


def _signed(facts: Mapping[str, Any], *, key: bytes) -> str:
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), default=repr)
    return hmac.digest(key, canonical.encode(), "sha256").hex()
