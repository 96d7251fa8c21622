"""Problems: whatever is wrong with a request is told in one form, in both languages, with the field that it is in."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.language.roles import Role
from shared.plumbing.database import Database
from tests.plumbing.counter import BODY_LIMIT, FACTS, Counter
from tests.plumbing.problem import ARABIC, problem_in

GOOD = {"case_id": "a", "number": 1}
WRONG_BODIES: dict[str, tuple[Any, str]] = {
    "a field is missing": ({"number": 1}, "case_id"),
    "a text is too short": (GOOD | {"case_id": ""}, "case_id"),
    "a text is too long": (GOOD | {"case_id": "a" * 21}, "case_id"),
    "words for a number": (GOOD | {"number": "many"}, "number"),
    "a number too small": (GOOD | {"number": -1}, "number"),
    "a field too many": (GOOD | {"colour": "red"}, "colour"),
    "a list": ([], "body"),
    "nothing": (None, "body"),
}
UNREADABLE = {
    "cut off": b'{"case_id": "a", "num',
    "not JSON": b"case_id=a",
    "not text": b"\xff\xfe\xfd",
    "half a letter": rb'{"case_id": "\ud800", "number": 1}',
    "a NUL": rb'{"case_id": "a\u0000", "number": 1}',
    "too deep": b"[" * (BODY_LIMIT - 1),
    "too long a number": b'{"case_id": "a", "number": ' + b"9" * (BODY_LIMIT - 50) + b"}",
    "nothing at all": b"",
}


async def send(counter: Counter, content: Any, **headers: str) -> httpx.Response:
    token = counter.token(Role.DELEGATE)
    return await counter.client.post(
        FACTS,
        content=content,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | headers,
    )


@pytest.mark.parametrize(("body", "field"), WRONG_BODIES.values(), ids=WRONG_BODIES.keys())
async def test_what_is_wrong_is_told_with_the_field_that_it_is_in(counter: Counter, body: Any, field: str) -> None:
    answer = await counter.call("POST", FACTS, role=Role.DELEGATE, body=body)
    problem = problem_in(answer, status=422, code="malformed")
    assert problem["field"] == field
    assert field in problem["sentences"]["ar"]
    assert field in problem["sentences"]["en"]
    assert await counter.facts() == []


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_a_body_that_cannot_be_read_is_malformed_and_says_so(counter: Counter, content: bytes) -> None:
    problem = problem_in(await send(counter, content), status=422, code="malformed")
    assert problem["field"] in {"body", "case_id", "number"}
    assert await counter.facts() == []


async def test_a_problem_never_quotes_what_was_sent(counter: Counter) -> None:
    for body in (GOOD | {"number": "Hessa Al-Otaibi"}, GOOD | {"case_id": "Hessa Al-Otaibi " * 3}):
        answer = await counter.call("POST", FACTS, role=Role.DELEGATE, body=body)
        problem_in(answer, status=422, code="malformed")
        assert "Hessa" not in answer.text


async def test_a_body_over_the_limit_is_refused_before_anything_is_done(counter: Counter) -> None:
    problem = problem_in(await send(counter, b" " * (BODY_LIMIT + 1)), status=413, code="body_too_large")
    assert str(BODY_LIMIT) in problem["sentences"]["en"]
    assert await counter.facts() == []


async def test_a_body_that_does_not_say_its_length_is_counted_all_the_same(counter: Counter) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 100 + 1):
            yield b" " * 100

    problem_in(await send(counter, drip()), status=413, code="body_too_large")


async def test_a_body_of_just_the_limit_is_taken(counter: Counter) -> None:
    content = b'{"case_id": "a", "number": 1}'
    assert (await send(counter, content.ljust(BODY_LIMIT))).status_code == 201


async def test_an_unknown_address_is_answered_with_a_problem(counter: Counter) -> None:
    for path in ("/nowhere", "/api/v1/nowhere", "/api/v1/facts/1/2"):
        problem_in(await counter.call("GET", path), status=404, code="not_found")


async def test_a_method_that_an_address_does_not_take_is_answered_with_a_problem(counter: Counter) -> None:
    problem_in(await counter.call("DELETE", FACTS), status=405, code="method_not_allowed")


async def test_a_path_that_is_no_number_is_malformed(counter: Counter) -> None:
    problem = problem_in(await counter.call("GET", f"{FACTS}/many", role=Role.DELEGATE), status=422, code="malformed")
    assert problem["field"] == "number"


@pytest.mark.parametrize(
    ("asked_for", "arabic"),
    [(None, True), ("ar", True), ("fr", True), ("", True), ("*", True), ("en", False), ("en-GB,en;q=0.9,ar", False)],
)
async def test_the_sentence_is_arabic_unless_english_is_asked_for(
    counter: Counter, asked_for: str | None, *, arabic: bool
) -> None:
    headers = {} if asked_for is None else {"Accept-Language": asked_for}
    problem = problem_in(await counter.call("GET", "/nowhere", headers=headers), status=404, code="not_found")
    assert bool(ARABIC.search(problem["detail"])) == arabic


async def test_a_database_that_is_away_is_a_problem_that_says_to_try_again(counter: Counter, tmp_path: Path) -> None:
    await counter.runtime.database.close()
    counter.runtime.__dict__["database"] = Database(f"sqlite+aiosqlite:///{tmp_path}/no-such-folder/kernel.db")
    problem_in(await counter.tell("a", 1), status=503, code="part_down")
