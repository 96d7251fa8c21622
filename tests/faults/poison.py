"""Entries that no relay of ours writes: not ours, cut short, of another release, far too large."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.language.events import CaseCompleted
from shared.plumbing.envelope import envelope_of
from shared.plumbing.inbox import DATA
from shared.plumbing.origin import new_id
from tests.faults.run import Scene
from tests.faults.troubles import append_as_outsider
from tests.faults.truth import LISTENS

LARGE, TEN_MEGABYTES = 500_000, 10_000_000


@dataclass
class Poison:
    """One bad entry: what it holds, and what its story says."""

    source: str
    fields: dict[bytes, bytes]
    reason: str
    event_id: str = ""

    @property
    def body(self) -> bytes:
        """The bytes that are kept."""
        return self.fields[DATA] if DATA in self.fields else b" ".join(b for pair in self.fields.items() for b in pair)

    def is_kept_as(self, raw: bytes | None, envelope: str | None, *, at_most: int) -> bool:
        """Whether what a dead row holds is what the entry held."""
        if raw is not None:
            return bytes(raw) == self.body[:at_most]
        return envelope is not None and json.loads(envelope)["id"] == json.loads(self.body)["id"]


def _envelope(source: str, **instead: object) -> bytes:
    key = f"nobody-{new_id()}"
    event = CaseCompleted(association_id="made-up", case_id=key, reference="R-1", documents_checked=1)
    told = envelope_of(event, seq=1, at=datetime(2026, 1, 1, tzinfo=UTC))
    facts: dict[str, object] = json.loads(told.model_dump_json())
    return json.dumps(facts | {"source": source, "key": key, **instead}).encode()


def _later_release(source: str) -> Poison:
    body = _envelope(source, version=99)
    return Poison(source, {DATA: body}, "EventUnknown", str(json.loads(body)["id"]))


def _kinds(source: str, *, large: int = LARGE) -> list[Poison]:
    whole = _envelope(source)
    return [
        Poison(source, {b"hello": b"world"}, "no field that is ours"),
        Poison(source, {DATA: whole[: len(whole) // 2]}, "json_invalid"),
        Poison(source, {DATA: b"\xff\xfe\x00\x80"}, "json_invalid"),
        Poison(source, {DATA: _envelope("somebody")}, "names another source"),
        Poison(source, {DATA: b"x" * large}, "larger than"),
        _later_release(source),
    ]


async def _feed(scene: Scene, source: str, entries: list[Poison]) -> list[Poison]:
    ids = await append_as_outsider(scene, source, [entry.fields for entry in entries])
    for entry, entry_id in zip(entries, ids, strict=True):
        entry.event_id = entry.event_id or f"unreadable:{source}:{entry_id}"
        scene.expected.dead.add(entry.event_id)
    return entries


async def unknown_version(scene: Scene, source: str) -> str:
    """A fact as a later release may tell it; its event id."""
    (entry,) = await _feed(scene, source, [_later_release(source)])
    return entry.event_id


async def poison_everywhere(scene: Scene) -> list[Poison]:
    """All of it, on every stream; on the one that all hear, of ten megabytes."""
    found = []
    for source in LISTENS:
        kinds = _kinds(source, large=TEN_MEGABYTES if source == "intake" else LARGE)
        found += await _feed(scene, source, kinds)
    return found


async def poison(scene: Scene) -> None:
    """All of it, on one stream."""
    async with scene.stream:
        source = scene.chance.choice(sorted(LISTENS))
        scene.tell(f"poison on the stream of {source}")
        await _feed(scene, source, _kinds(source))
