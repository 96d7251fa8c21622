"""`athar events`, as an operator types it: on a running installation, and on one that stands still."""

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import delete, update
from typer.testing import CliRunner, Result

from athar.catalogue import SERVICES
from athar.cli import app
from athar.cli.events.tail import follow
from athar.cli.installation import opened
from athar.cli.words import lasting
from athar.demo.walkers import Walker
from athar.stack.valkey import EmbeddedValkey
from shared.language.events import Source
from shared.plumbing import tables
from tests.operations.house import House, open_house
from tests.plumbing.bench import tell_facts

inbox = tables.inbox


async def athar(*words: str) -> Result:
    """Type a command; it runs its own loop, so in another thread."""
    return await asyncio.to_thread(CliRunner().invoke, app, list(words))


async def lines_of(case: str) -> list[dict[str, Any]]:
    told = await athar("events", "story", case, "--json")
    assert told.exit_code == 0, told.output
    return [json.loads(line) for line in told.output.splitlines()]


def state(line: dict[str, Any], service: str) -> str:
    return str(next(one["state"] for one in line["arrivals"] if one["service"] == service))


@pytest.fixture
async def walker(house: House) -> Walker:
    """A case that was decided, and waits for its day."""
    walker = await house.receive()
    await house.decide(walker)
    await house.rest()
    return walker


@pytest.fixture
async def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, valkey: EmbeddedValkey, stream: Redis) -> Walker:
    """A case that was received, in an installation that was stopped since."""
    await stream.ping()
    async with open_house(tmp_path, monkeypatch, redis_url=valkey.url) as house:
        walker = await house.receive()
        await house.rest()
    return walker


async def change(service: str, statement: Any) -> None:
    async with opened([service]) as runtimes, runtimes[service].database.write() as session:
        await (await session.connection()).execute(statement)


async def test_the_story_of_a_case_is_in_order_of_time_with_what_became_of_each_fact(walker: Walker) -> None:
    lines = await lines_of(walker.case_id)
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    facts = [line for line in lines if line["seq"]]
    of_intake = [line["what"] for line in facts if line["service"] == "intake"]
    assert of_intake[:2] == ["case.drafted", "case.received"]
    assert of_intake[-1] == "case.referred"
    assert [line["what"] for line in facts if line["service"] == "research"] == ["case.studied", "case.decided"]
    assert {one["state"] for line in facts for one in line["arrivals"]} == {"done"}
    assert {one["service"] for one in facts[0]["arrivals"]} == set(SERVICES)
    assert facts[0]["who"] == "delegate"
    assert all(one["delay"] >= 0 for line in facts for one in line["arrivals"])


async def test_the_story_has_the_timers_of_every_service_also_those_that_wait(walker: Walker) -> None:
    timers = [line for line in await lines_of(walker.case_id) if line["what"].startswith("timer ")]
    assert {(line["service"], line["what"]) for line in timers} >= {
        ("notifications", "timer send.due"),
        ("research", "timer answer.due"),
    }
    (answer,) = [line for line in timers if line["what"] == "timer answer.due"]
    assert state(answer, "research") == "waits"
    assert {state(line, "notifications") for line in timers if line["what"] == "timer send.due"} == {"done"}


async def test_a_case_is_found_by_its_reference_and_nothing_personal_is_shown(walker: Walker) -> None:
    told = await athar("events", "story", walker.reference)
    assert told.exit_code == 0
    assert "case.referred" in told.output
    lines = json.dumps(await lines_of(walker.reference), ensure_ascii=False)
    person = walker.person
    for said in filter(None, (person.name, person.national_id, person.mobile.lstrip("+"), person.email)):
        assert said not in told.output + lines


@pytest.mark.usefixtures("left")
async def test_of_a_case_that_is_not_there_nothing_was_told() -> None:
    told = await athar("events", "story", "JMM-2026-999999")
    assert (told.exit_code, "Nothing was told" in told.output) == (1, True)


async def test_a_folder_without_an_installation_is_said_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("ATHAR_") and "DATABASE" in name]:
        monkeypatch.delenv(name)
    for command in (["story", "x"], ["lag"], ["tail", "--no-follow"]):
        told = await athar("events", *command, "--data", str(tmp_path / "nowhere"))
        assert (told.exit_code, "no installation" in " ".join(told.output.split())) == (2, True)
    assert not (tmp_path / "nowhere").exists()


async def test_a_dead_message_shows_in_the_story_and_so_does_what_waits_behind_it(left: Walker) -> None:
    key = inbox.c.key == left.case_id
    await change("research", update(inbox).where(key).values(state=tables.READY, done_at=None))
    await change("research", update(inbox).where(key, inbox.c.seq == 1).values(state=tables.DEAD, attempts=12))
    await change("research", delete(tables.cursors).where(tables.cursors.c.key == left.case_id))
    first, second = [line for line in await lines_of(left.case_id) if line["service"] == "intake"][:2]
    assert state(first, "research") == "dead"
    assert state(second, "research") == "waits behind 1"
    assert state(first, "feedback") == "done"
    shown = await athar("events", "story", left.case_id)
    assert "dead, 12 failed" in shown.output


async def test_a_fact_that_reached_nobody_is_told_apart_from_one_that_was_put_away(left: Walker) -> None:
    await change("feedback", delete(inbox).where(inbox.c.key == left.case_id))
    await change("research", delete(inbox).where(inbox.c.key == left.case_id))
    await change("research", delete(tables.cursors).where(tables.cursors.c.key == left.case_id))
    line = (await lines_of(left.case_id))[0]
    assert state(line, "feedback") == "done, put away"
    assert state(line, "research") == "not arrived"


async def test_what_never_reached_a_service_is_told_again_and_does_nothing_to_the_others(
    house: House, walker: Walker
) -> None:
    feedback = [tables.inbox.c.key == walker.case_id, tables.inbox.c.source == "intake"]
    await change("feedback", delete(inbox).where(*feedback))
    await change("feedback", delete(tables.cursors).where(tables.cursors.c.key == walker.case_id))
    before = {state(line, "research") for line in await lines_of(walker.case_id) if line["service"] == "intake"}
    told = await athar("events", "again", walker.reference, "--service", "intake")
    assert told.exit_code == 0
    assert "facts will be published again" in told.output
    await house.rest()
    facts = [line for line in await lines_of(walker.case_id) if line["service"] == "intake" and line["seq"]]
    assert {state(line, "feedback") for line in facts} == before == {"done"}


@pytest.mark.usefixtures("walker")
async def test_the_tail_shows_the_newest_last_of_one_service_or_type_where_asked() -> None:
    everything = (await athar("events", "tail", "--no-follow", "--last", "500")).output.splitlines()
    assert everything == sorted(everything)
    assert any("case.decided" in line for line in everything)
    newest = (await athar("events", "tail", "--no-follow", "--last", "2")).output.splitlines()
    assert newest == everything[-2:]
    of_research = (await athar("events", "tail", "--no-follow", "--service", "research")).output.splitlines()
    assert [line.split()[2:4] for line in of_research] == [["research", "case.studied"], ["research", "case.decided"]]
    referred = (await athar("events", "tail", "--no-follow", "--type", "case.referred")).output.splitlines()
    assert [line.split()[3] for line in referred] == ["case.referred"]


async def test_the_tail_goes_on_with_what_is_told_from_now_on(house: House) -> None:
    async with opened() as runtimes:
        told = follow(runtimes, kind=None, last=0, every=0.01)
        coming = asyncio.ensure_future(anext(told))
        await house.receive()
        name, first = await coming
        assert (name, first.type, first.seq) == ("intake", "case.drafted", 1)
        name, second = await anext(told)
        assert (second.type, second.seq) == ("case.received", 2)
        await told.aclose()


@pytest.mark.usefixtures("left")
async def test_ctrl_c_ends_the_tail_quietly() -> None:
    # A shell has what it runs in the background ignore Ctrl-C, these tests among it.
    hears_ctrl_c = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "athar", "events", "tail", "--last", "1"),
        stdout=-1,
        stderr=-1,
        preexec_fn=hears_ctrl_c,
    )
    assert process.stdout is not None
    assert b"#" in await process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, complaints = await process.communicate()
    assert (process.returncode, complaints) == (0, b"")


async def gap(producer: str, consumer: str) -> dict[str, Any]:
    told = await athar("events", "lag", "--json")
    assert told.exit_code == 0, told.output
    gaps = [json.loads(line) for line in told.output.splitlines()]
    return next(one for one in gaps if (one["producer"], one["consumer"]) == (producer, consumer))


@pytest.mark.usefixtures("walker")
async def test_nobody_is_behind_where_nothing_is_under_way() -> None:
    told = await athar("events", "lag", "--json")
    gaps = [json.loads(line) for line in told.output.splitlines()]
    assert {(one["unsent"], one["not_taken_in"], one["unread"], one["unacknowledged"]) for one in gaps} == {
        (0, 0, 0, 0)
    }
    assert {one["waiting"]["due"] + one["waiting"]["dead"] for one in gaps} == {0}
    shown = await athar("events", "lag")
    assert "not taken in" in shown.output


@pytest.mark.usefixtures("left")
async def test_what_is_not_published_and_not_taken_in_is_counted() -> None:
    async with opened(["intake"]) as runtimes:
        await tell_facts(runtimes["intake"].database, ("late", 1), ("late", 2))
    behind = await gap("intake", "research")
    assert (behind["unsent"], behind["not_taken_in"], behind["unread"]) == (2, 2, 0)
    assert behind["oldest_unsent"] >= 0


@pytest.mark.usefixtures("left")
async def test_what_a_group_has_not_read_is_counted(stream: Redis) -> None:
    await stream.xadd(f"athar.{Source.INTAKE.value}.events", {"__data__": "more"})
    assert (await gap("intake", "feedback"))["unread"] == 1
    await stream.xreadgroup("feedback", "somebody", {f"athar.{Source.INTAKE.value}.events": ">"})
    behind = await gap("intake", "feedback")
    assert (behind["unread"], behind["unacknowledged"]) == (0, 1)


async def test_what_is_due_or_dead_is_counted_by_who_told_it(left: Walker) -> None:
    key = inbox.c.key == left.case_id
    await change("research", update(inbox).where(key).values(state=tables.READY))
    await change("research", update(inbox).where(key, inbox.c.seq == 1).values(state=tables.DEAD))
    waiting = (await gap("intake", "research"))["waiting"]
    assert (waiting["due"], waiting["dead"], waiting["behind_dead"]) == (1, 1, 1)


@pytest.mark.usefixtures("left")
async def test_without_the_stream_the_databases_still_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATHAR_REDIS_URL", "redis://127.0.0.1:1/0")
    behind = await gap("intake", "research")
    assert (behind["unsent"], behind["unread"]) == (0, None)
    assert "not known" in (await athar("events", "lag")).output


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(milliseconds=12), "12 ms"),
        (timedelta(seconds=3.24), "3.2 s"),
        (timedelta(minutes=4, seconds=59), "4 min"),
        (timedelta(hours=5, minutes=7), "5 h 7 min"),
        (timedelta(days=14, hours=3), "14 d 3 h"),
    ],
)
def test_a_span_is_told_in_its_largest_units(span: timedelta, words: str) -> None:
    assert lasting(span) == words
