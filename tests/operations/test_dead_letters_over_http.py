"""Dead letters over HTTP: found, opened without their words, taken in again, given up."""

from typing import Any

import httpx

from shared.language.roles import Role
from shared.plumbing import tables
from tests.operations.dead import NAME, bury, bury_garbage, bury_with_a_name
from tests.operations.lone import Lone
from tests.plumbing.bench import rows_in
from tests.plumbing.problem import problem_in

DEAD = "/api/v1/operations/dead"


async def ask(service: Lone, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
    role = more.pop("role", Role.PLATFORM_OPERATOR)
    return await service.call(method, f"{DEAD}{path}", role=role, body=body, **more)


async def states(service: Lone) -> dict[tuple[str, int | None], str]:
    return {(row.key, row.seq): row.state for row in await rows_in(service.runtime.database, tables.inbox)}


async def test_only_the_platform_s_operator_passes(service: Lone) -> None:
    number = await bury(service, "a")
    doors = [("GET", ""), ("GET", f"/{number}"), ("POST", "/replay"), ("POST", f"/{number}/replay")]
    for method, path in [*doors, ("POST", f"/{number}/discard")]:
        body = {"reason": "no need"} if "discard" in path else {} if method == "POST" else None
        problem_in(await ask(service, method, path, body, role=Role.AUDITOR), status=403, code="not_allowed")
        problem_in(await ask(service, method, path, body, role=None), status=401, code="not_signed_in")
    assert set((await states(service)).values()) == {tables.DEAD}


async def test_they_are_listed_page_by_page_and_by_type_source_and_case(service: Lone) -> None:
    for key in ("a", "b", "c"):
        await bury(service, key)
    await bury_garbage(service)
    listed = (await ask(service, "GET", "?limit=2")).json()
    assert [letter["key"] for letter in listed] == ["a", "b"]
    rest = (await ask(service, "GET", f"?after={listed[-1]['id']}")).json()
    assert [letter["key"] for letter in rest] == ["c", "unreadable:1-1"]
    for query, keys in (("type=unreadable", ["unreadable:1-1"]), ("key=b", ["b"]), ("source=research", [])):
        assert [letter["key"] for letter in (await ask(service, "GET", f"?{query}")).json()] == keys


async def test_an_opened_letter_says_where_it_broke_and_shows_the_shape_of_its_words(service: Lone) -> None:
    number = await bury_with_a_name(service, "a")
    answer = await ask(service, "GET", f"/{number}")
    letter = answer.json()
    assert letter["reason"] == "ValidationError: benefit.useful: missing"
    assert letter["frames"] == ["take_in:41", "_handle:219", "_effect:180"]
    assert letter["told"]["by"] == "system"
    assert letter["data"] == {
        "case_id": "text, 1 characters",
        "applicant": letter["data"]["applicant"],
        "note": f"text, {len(NAME)} characters",
        "answers": "list of 2",
        "documents_checked": "number",
    }
    assert letter["data"]["applicant"].startswith("sealed, ")
    assert NAME not in answer.text
    assert "gAAAA" not in answer.text


async def test_the_bytes_of_one_that_nobody_can_read_harm_no_terminal(service: Lone) -> None:
    number = await bury_garbage(service)
    letter = (await ask(service, "GET", f"/{number}")).json()
    assert (letter["told"], letter["size"]) == (None, 33)
    assert letter["dump"][0] == '00000000  89 42 49 4e 0d 0a 1a 0a 7b 22 6e 61 6d 65 22 3a  .BIN....{"name":'
    assert all(32 <= ord(sign) < 127 for line in letter["dump"] for sign in line)
    problem_in(await ask(service, "POST", f"/{number}/replay"), status=404, code="message_not_found")


async def test_one_is_taken_in_again(service: Lone) -> None:
    number = await bury(service, "a")
    await bury(service, "b")
    assert (await ask(service, "POST", f"/{number}/replay")).status_code == 204
    assert await states(service) == {("a", 1): tables.READY, ("b", 1): tables.DEAD}


async def test_a_kind_is_taken_in_again_and_the_rest_stays(service: Lone) -> None:
    await bury(service, "a")
    await bury(service, "b")
    assert (await ask(service, "POST", "/replay", {"key": "a"})).json() == {"replayed": 1}
    assert (await ask(service, "POST", "/replay", {"type": "case.unheard_of"})).json() == {"replayed": 0}
    assert (await states(service))["b", 1] == tables.DEAD
    assert (await ask(service, "POST", "/replay", {})).json() == {"replayed": 1}


async def test_a_request_that_comes_twice_with_its_key_is_done_once(service: Lone) -> None:
    await bury(service, "a")
    headers = {"Idempotency-Key": "again"}
    first = await ask(service, "POST", "/replay", {}, headers=headers)
    await service.change(state=tables.DEAD)
    second = await ask(service, "POST", "/replay", {}, headers=headers)
    assert first.json() == second.json() == {"replayed": 1}
    assert (await states(service))["a", 1] == tables.DEAD


async def test_one_that_is_given_up_keeps_who_and_why_and_its_case_goes_on(service: Lone) -> None:
    number = await bury(service, "a", behind=1)
    await service.settle()
    assert (await states(service))["a", 2] == tables.READY
    given_up = await ask(service, "POST", f"/{number}/discard", {"reason": "put right by hand"}, person="op-1")
    assert given_up.status_code == 204
    await service.settle()
    assert await states(service) == {("a", 1): tables.DISCARDED, ("a", 2): tables.DONE}
    row = (await rows_in(service.runtime.database, tables.inbox, tables.inbox.c.id == number))[0]
    assert (row.discarded_by, row.discarded_because) == ("op-1", "put right by hand")
    assert await service.figure("athar_discarded_messages") == 1
    problem_in(
        await ask(service, "POST", f"/{number}/discard", {"reason": "again"}), status=404, code="message_not_found"
    )


async def test_nothing_is_given_up_without_a_reason(service: Lone) -> None:
    number = await bury(service, "a")
    for body in ({}, {"reason": ""}, {"reason": "x" * 1_001}, {"reason": "good", "force": True}):
        problem_in(await ask(service, "POST", f"/{number}/discard", body), status=422, code="malformed")
    assert (await states(service))["a", 1] == tables.DEAD
