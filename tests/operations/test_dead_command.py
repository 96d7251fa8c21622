"""`athar dead`, as an operator types it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from athar.catalogue import SERVICES
from athar.cli import app
from athar.cli.installation import opened
from athar.stack.secrets import make_secrets
from shared.plumbing import dead_letters, tables
from tests.operations.conftest import OpenLone
from tests.operations.dead import NAME, bury, bury_garbage, bury_with_a_name
from tests.operations.lone import Lone
from tests.plumbing.bench import rows_in


async def dead(*words: str, wrong: bool = False) -> str:
    """What `athar dead` says; it ends well, or with 2 for words that were `wrong`."""
    done: Result = await asyncio.to_thread(CliRunner().invoke, app, ["dead", *words], env={"COLUMNS": "200"})
    assert done.exit_code == (2 if wrong else 0), done.output
    return done.output


@pytest.fixture
async def feedback(open_service: OpenLone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lone]:
    """Feedback, with the other services' databases beside it."""
    secrets = make_secrets(tmp_path / "secrets")
    monkeypatch.setenv("ATHAR_ENVIRONMENT", "test")
    monkeypatch.setenv("ATHAR_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("ATHAR_VERIFICATION_KEYS_FILE", str(secrets.verification_keys))
    monkeypatch.setenv("ATHAR_SEAL_KEYS_FILE", str(secrets.seal_keys))
    monkeypatch.setenv("ATHAR_VAULT_URL", f"sqlite:///{tmp_path}/vault.db")
    monkeypatch.setenv("ATHAR_DATA_DIR", str(tmp_path))
    for name in SERVICES:
        monkeypatch.setenv(f"ATHAR_{name.upper()}_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/{name}.db")
    async with opened() as runtimes:
        for runtime in runtimes.values():
            await runtime.migrate()
    async with open_service() as service:
        yield service


async def state(service: Lone, key: str) -> list[str]:
    return [row.state for row in await rows_in(service.runtime.database, tables.inbox, tables.inbox.c.key == key)]


@pytest.mark.usefixtures("feedback")
async def test_where_nothing_is_dead_it_says_so() -> None:
    assert await dead("list") == "No message is dead.\n"


async def test_they_are_listed_with_their_reason_and_a_way_to_the_rest(feedback: Lone) -> None:
    for key in ("a", "b"):
        await bury(feedback, key)
    whole = await dead("list")
    assert "benefit.useful: missing" in whole
    assert "take_in:41" not in whole
    first = await dead("list", "--limit", "1")
    assert "athar dead list --service feedback --after 1" in first
    assert await dead("list", "--service", "intake") == "No message is dead.\n"
    assert await dead("list", "--type", "case.closed") == "No message is dead.\n"
    assert await dead("list", "--from", "research") == "No message is dead.\n"
    assert " a " not in await dead("list", "--key", "b")


async def test_one_is_shown_with_its_story_and_without_its_words(feedback: Lone) -> None:
    shown = await dead("show", "feedback", str(await bury_with_a_name(feedback, "a")))
    assert "case.completed from intake about a, its #1" in shown
    assert "tried 12 times" in shown
    assert "    at take_in:41\n    at _handle:219\n" in shown
    assert f"note: text, {len(NAME)} characters" in shown
    assert NAME not in shown


async def test_the_bytes_of_an_unreadable_one_are_shown_as_far_as_one_asks(feedback: Lone) -> None:
    number = str(await bury_garbage(feedback, b"\x1b[31m" * 40))
    shown = await dead("show", "feedback", number)
    assert "200 were kept" in shown
    assert "\x1b" not in shown
    assert shown.count("1b 5b 33 31 6d") > 20
    assert (await dead("show", "feedback", number, "--bytes", "16")).count("1b 5b") == 3


async def test_one_is_taken_in_again_by_its_number(feedback: Lone) -> None:
    number = str(await bury(feedback, "a"))
    await bury(feedback, "b")
    assert await dead("replay", "feedback", number) == "It will be taken in again.\n"
    assert (await state(feedback, "a"), await state(feedback, "b")) == ([tables.READY], [tables.DEAD])


async def test_a_kind_or_all_are_taken_in_again_however_many(feedback: Lone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "AT_ONCE", 2)
    for key in ("a", "b", "c", "d", "e"):
        await bury(feedback, key)
    await bury_garbage(feedback)
    assert await dead("replay", "--key", "a") == "1 will be taken in again.\n"
    assert await dead("replay", "feedback", "--type", "case.closed") == "0 will be taken in again.\n"
    assert await dead("replay", "--all") == "4 will be taken in again.\n"
    assert await state(feedback, "unreadable:1-1") == [tables.DEAD]


@pytest.mark.usefixtures("feedback")
async def test_all_are_taken_in_again_only_where_it_is_said() -> None:
    assert "--all" in await dead("replay", wrong=True)
    assert "--all" in await dead("replay", "feedback", wrong=True)
    assert "one message" in await dead("replay", "feedback", "1", "--all", wrong=True)


async def test_one_is_given_up_with_a_reason_and_its_case_goes_on(feedback: Lone) -> None:
    number = str(await bury(feedback, "a", behind=1))
    await dead("discard", "feedback", number, wrong=True)
    assert "say why" in await dead("discard", "feedback", number, "--reason", " ", wrong=True)
    said = await dead("discard", "feedback", number, "--reason", "put right by hand", "--by", "op-1")
    assert said == "It is given up; its case goes on.\n"
    await feedback.settle()
    assert await state(feedback, "a") == [tables.DISCARDED, tables.DONE]


@pytest.mark.usefixtures("feedback")
async def test_a_number_or_a_service_that_is_not_there_is_said() -> None:
    for words in (
        ["show", "feedback", "7"],
        ["replay", "feedback", "7"],
        ["discard", "feedback", "7", "--reason", "gone"],
    ):
        assert "no dead message" in " ".join((await dead(*words, wrong=True)).replace("│", "").split())
        words[1] = "nobody"
        assert "there is no service" in await dead(*words, wrong=True)
