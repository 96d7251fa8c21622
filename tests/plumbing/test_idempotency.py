"""Idempotency-Key: a request that comes again gets the first answer again and does nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.kept_answers import unpacked
from tests.plumbing.counter import COUNTED, FACTS, MOVED, OPEN, Counter, open_counter
from tests.plumbing.problem import problem_in
from tests.plumbing.waiting import eventually


@pytest.fixture
async def counter(database_url: str, tmp_path: Path) -> AsyncIterator[Counter]:
    async with open_counter(database_url, tmp_path) as counter:
        yield counter


async def at_once(counter: Counter, *numbers: int) -> list[httpx.Response]:
    """Requests about case a with these numbers under one key, all sent before the first is answered."""

    async def one_is_inside() -> bool:
        return counter.gate.waiting > 0

    counter.gate.opened.clear()
    async with asyncio.TaskGroup() as group:
        requests = [group.create_task(counter.tell("a", number, key="k")) for number in numbers]
        await eventually(one_is_inside)
        counter.gate.opened.set()
    return [request.result() for request in requests]


async def test_the_same_request_again_gets_the_first_answer_and_does_nothing(counter: Counter) -> None:
    first = await counter.tell("a", 1, key="k")
    again = await counter.tell("a", 1, key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await counter.facts() == [("a", 1)]


async def test_without_a_key_a_request_counts_each_time_that_it_comes(counter: Counter) -> None:
    for _ in range(2):
        await counter.tell("a", 1)
    assert await counter.facts() == [("a", 1), ("a", 1)]


async def test_the_same_key_for_another_request_is_refused(counter: Counter) -> None:
    await counter.tell("a", 1, key="k")
    problem = problem_in(await counter.tell("a", 2, key="k"), status=422, code="idempotency_key_reused")
    assert problem["field"] == "Idempotency-Key"
    body, headers = {"case_id": "a", "number": 1}, {"Idempotency-Key": "k"}
    elsewhere = await counter.call("POST", f"{FACTS}?page=2", role=Role.DELEGATE, body=body, headers=headers)
    problem_in(elsewhere, status=422, code="idempotency_key_reused")
    assert await counter.facts() == [("a", 1)]


async def test_two_people_may_use_the_same_key(counter: Counter) -> None:
    await counter.tell("a", 1, key="k", person="p-1")
    await counter.tell("a", 1, key="k", person="p-2")
    await counter.tell("a", 1, key="k", person="p-1", association="another")
    await counter.call("POST", OPEN, body={"case_id": "a", "number": 1}, headers={"Idempotency-Key": "k"})
    assert len(await counter.facts()) == 4


async def test_the_same_request_twice_at_once_has_one_effect_and_one_answer(counter: Counter) -> None:
    answers = await at_once(counter, 1, 1, 1)
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert ["idempotency-replayed" in answer.headers for answer in answers].count(True) == 2
    assert await counter.facts() == [("a", 1)]


async def test_two_requests_at_once_under_one_key_have_the_effect_of_one(counter: Counter) -> None:
    assert sorted(answer.status_code for answer in await at_once(counter, 1, 2)) == [201, 422]
    assert len(await counter.facts()) == 1


async def test_a_refusal_is_not_kept_so_the_request_may_come_again(counter: Counter) -> None:
    counter.gate.refusing = True
    problem_in(await counter.tell("a", 1, key="k"), status=404, code="case_not_found")
    counter.gate.refusing = False
    answer = await counter.tell("a", 1, key="k")
    assert answer.status_code == 201
    assert "idempotency-replayed" not in answer.headers
    assert await counter.facts() == [("a", 1)]


async def test_a_bug_is_not_kept_either(counter: Counter) -> None:
    assert (await counter.tell("a", 1, then="break", key="k")).status_code == 500
    assert (await counter.tell("a", 1, key="k")).status_code == 201


async def test_a_kept_answer_is_for_those_alone_whom_the_door_lets_pass(counter: Counter) -> None:
    await counter.tell("a", 1, key="k", person="p-1")
    problem_in(await counter.tell("a", 1, key="k", person="p-1", role=Role.AUDITOR), status=403, code="not_allowed")


async def test_a_kept_answer_lies_sealed(counter: Counter) -> None:
    await counter.tell("hessa", 1, key="k")
    async with counter.runtime.database.read() as session:
        kept = (await (await session.connection()).execute(tables.answers.select())).one()
    assert b"hessa" not in kept.body


def said(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """All that an answer says, but for whose it is and how often it came."""
    its_own = {"x-correlation-id", "traceparent", "set-cookie", "idempotency-replayed"}
    return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k not in its_own}


async def test_the_way_on_and_the_kind_of_a_page_are_answered_again_and_no_cookie_is(counter: Counter) -> None:
    first, again = [await counter.call("POST", MOVED, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert said(first) == said(again)
    assert (again.status_code, again.headers["location"]) == (303, FACTS)
    assert again.headers["content-type"] == "text/html; charset=utf-8"
    assert "set-cookie" in first.headers
    assert "set-cookie" not in again.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await counter.facts() == [("moved", 1)]


async def test_a_refusal_that_was_kept_for_what_it_counted_is_answered_again_as_a_problem(counter: Counter) -> None:
    headers = {"Idempotency-Key": "k"}
    first, again = [await counter.call("POST", COUNTED, role=Role.DELEGATE, headers=headers) for _ in range(2)]
    assert said(first) == said(again)
    problem_in(again, status=401, code="session_ended")
    assert again.headers["www-authenticate"] == "Bearer"
    assert len(await counter.facts()) == 1


@pytest.mark.parametrize("body", ['{"case_id": "a"}', "[]", "", "1"])
def test_an_answer_that_the_release_before_kept_is_answered_as_it_did(body: str) -> None:
    answer = unpacked(body, status=201)
    assert (answer.body.decode(), answer.status_code) == (body, 201)
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_of_no_use_is_refused(counter: Counter, key: str) -> None:
    problem = problem_in(await counter.tell("a", 1, key=key), status=422, code="malformed")
    assert problem["field"] == "Idempotency-Key"
    assert await counter.facts() == []
