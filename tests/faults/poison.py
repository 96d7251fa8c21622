"""Entries that no relay of ours writes: not ours, cut short, of another release, far too large."""

import json
from datetime import UTC, datetime

from shared.language.events import CaseCompleted
from shared.plumbing.envelope import envelope_of
from shared.plumbing.inbox import DATA
from shared.plumbing.origin import new_id
from tests.faults.run import Scene
from tests.faults.troubles import append_as_outsider
from tests.faults.truth import LISTENS

LARGE = 10_000_000


def _envelope(source: str, **instead: object) -> dict[str, object]:
    key = f"nobody-{new_id()}"
    event = CaseCompleted(association_id="made-up", case_id=key, reference="R-1", documents_checked=1)
    told = envelope_of(event, seq=1, at=datetime(2026, 1, 1, tzinfo=UTC))
    facts: dict[str, object] = json.loads(told.model_dump_json())
    return facts | {"source": source, "key": key, **instead}


async def unknown_version(scene: Scene, source: str) -> str:
    """A fact as a later release may tell it; its event id."""
    facts = _envelope(source, version=99)
    await append_as_outsider(scene, source, [{DATA: json.dumps(facts).encode()}])
    scene.expected.dead.add(str(facts["id"]))
    return str(facts["id"])


async def unreadable(scene: Scene, source: str) -> list[str]:
    """What nobody can read, of five kinds; the event ids under which it is kept."""
    whole = json.dumps(_envelope(source)).encode()
    entries: list[dict[bytes, bytes]] = [
        {b"hello": b"world"},
        {DATA: whole[: len(whole) // 2]},
        {DATA: b"\xff\xfe\x00\x80"},
        {DATA: json.dumps(_envelope("somebody")).encode()},
        {DATA: b"x" * LARGE},
    ]
    ids = [f"unreadable:{source}:{entry}" for entry in await append_as_outsider(scene, source, entries)]
    scene.expected.dead.update(ids)
    return ids


async def poison(scene: Scene) -> None:
    """All of it, on one stream."""
    async with scene.stream:
        source = scene.chance.choice(sorted(LISTENS))
        scene.tell(f"poison on the stream of {source}")
        await unreadable(scene, source)
        await unknown_version(scene, source)
