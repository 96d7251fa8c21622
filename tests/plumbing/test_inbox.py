"""The inbox: what comes is kept once; what nobody can read is kept as dead, and holds up nobody."""

from typing import Any

import pytest

from shared.language.events import Source
from shared.plumbing import tables
from shared.plumbing.inbox import DATA, Entry, take_in
from tests.harness.desk import NOON
from tests.plumbing.bench import Bench, drain, entry, envelope, hearing, rows_in


def changed(**changes: Any) -> bytes:
    """A readable message about a case of its own, with something in it changed."""
    return envelope("odd", 1).model_copy(update=changes).model_dump_json().encode()


UNREADABLE = {
    "an entry that is not ours": ({b"field": b"of another program"}, "no field that is ours"),
    "an entry without fields": ({}, "no field that is ours"),
    "bytes that are not text": ({DATA: b"\xff\xfe\x00"}, "json_invalid"),
    "truncated JSON": ({DATA: changed()[:50]}, "json_invalid"),
    "JSON that is no envelope": ({DATA: b"[1, 2]"}, "model_type"),
    "300 KB": ({DATA: changed(data={"x": "x" * 300_000})}, "larger than 256000 bytes"),
    "an envelope of another service": ({DATA: changed(source="feedback")}, "another source"),
    "no number": ({DATA: changed(seq=None)}, "no number"),
    "the number nought": ({DATA: changed(seq=0)}, "no number"),
    "a number that no column holds": ({DATA: changed(seq=10**20)}, "no number"),
    "a key longer than its column": ({DATA: changed(key="k" * 101)}, "key: string_too_long"),
    "a key with a NUL, which PostgreSQL refuses": ({DATA: changed(key="k\x00")}, "NUL"),
    "a time without a zone": ({DATA: changed().replace(b'"at":"2026-11-22T09:00:00Z"', b'"at":"2026-11-22"')}, "at"),
}
UNKNOWN = {
    "a type of a newer release": changed(type="case.teleported"),
    "a version of a newer release": changed(version=99),
    "a shape that is not as pinned": changed(data={"case_id": "odd"}),
}


@pytest.mark.parametrize(("fields", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_cannot_be_read_is_kept_as_dead_and_the_rest_of_the_batch_goes_on(
    bench: Bench, fields: dict[bytes, bytes], reason: str
) -> None:
    batch: list[Entry] = [entry(envelope("a", 1)), (b"7-7", fields), entry(envelope("a", 2))]
    await take_in(bench.database, source=Source.INTAKE, entries=batch, now=NOON)
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1), ("a", 2)]

    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    assert reason in dead.error
    assert dead.key == "unreadable:7-7"
    assert dead.raw == fields.get(DATA, b" ".join(part for pair in fields.items() for part in pair))
    await take_in(bench.database, source=Source.INTAKE, entries=batch, now=NOON)
    assert len(await rows_in(bench.database, tables.inbox)) == 3


@pytest.mark.parametrize("body", UNKNOWN.values(), ids=UNKNOWN.keys())
async def test_what_this_release_does_not_know_is_kept_as_dead_with_all_that_it_said(bench: Bench, body: bytes) -> None:
    batch: list[Entry] = [(b"7-7", {DATA: body}), entry(envelope("a", 1))]
    await take_in(bench.database, source=Source.INTAKE, entries=batch, now=NOON)
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1)]
    dead = await bench.message(tables.inbox.c.state == tables.DEAD)
    assert dead.envelope.encode() == body
    assert dead.error


async def test_the_reason_never_quotes_what_could_not_be_read(bench: Bench) -> None:
    body = changed().replace(b'"actor":{', b'"actor":"Hessa Al-Otaibi","x":{')
    await take_in(bench.database, source=Source.INTAKE, entries=[(b"7-7", {DATA: body})], now=NOON)
    dead = await bench.message()
    assert "actor" in dead.error
    assert "Hessa" not in dead.error


async def test_an_entry_that_comes_twice_in_one_batch_is_kept_once(bench: Bench) -> None:
    one = envelope("a", 1)
    await bench.arrive(one, one)
    await bench.arrive(one)
    await drain(bench.worker())
    assert await bench.effects() == [("a", 1)]


async def test_a_fact_that_took_effect_does_nothing_when_it_comes_again(bench: Bench) -> None:
    told = [envelope("a", 1), envelope("a", 2)]
    for _ in range(3):
        await bench.arrive(*told)
        await drain(bench.worker())
    assert await bench.effects() == [("a", 1), ("a", 2)]


async def test_facts_that_nobody_takes_in_step_the_order_all_the_same(bench: Bench) -> None:
    deaf = hearing()
    deaf.handlers.clear()
    await bench.arrive(envelope("a", 1))
    await drain(bench.worker(deaf))
    await bench.arrive(envelope("a", 2))
    await drain(bench.worker())
    assert await bench.effects() == [("a", 2)]
