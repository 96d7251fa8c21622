"""Bodies that no person typed: too deep, too long, not text. Each is refused in words, and nothing is written."""

import json
from typing import Any

import pytest

from shared.language.roles import Role
from shared.plumbing.edge.bodies import DEEPEST, DIGITS, check_shape
from tests.contracts.problem import assert_problem, everything_written
from tests.harness.desk import Desk
from tests.intake.office import Office

CASES = "/api/v1/cases"


async def post(desk: Desk, body: Any, **headers: str) -> Any:
    every = {"Authorization": f"Bearer {desk.token(Role.INTAKE_OFFICER)}", "Content-Type": "application/json"}
    return await desk.client.post(CASES, content=body, headers=every | headers)


def with_form(desk: Desk, value: str) -> bytes:
    """A request that would be taken, with `value` for an answer of its form."""
    body = Office(desk).new_case()
    body["form"] = {"need": "HERE"}
    return json.dumps(body).replace('"HERE"', value).encode()


async def is_refused(desk: Desk, body: Any, *codes: str, **headers: str) -> None:
    before = everything_written(desk)
    answer = await post(desk, body, **headers)
    assert answer.status_code in {413, 422}, answer.text
    assert answer.json()["code"] in codes
    assert everything_written(desk) == before


@pytest.mark.parametrize(
    "value",
    [
        "[" * 100 + "]" * 100,
        "[" * 100_000,
        '{"a":' * 50 + "1" + "}" * 50,
        "9" * 5_000,
        "-" + "9" * 500,
        "1" * 20,
        "1e999",
        "1e400",
        "NaN",
        "-Infinity",
        '"\\u0000"',
        '"\\ud800"',
        '"' + "x" * 4_001 + '"',
        "[1]",
        "null",
        "1.5",
    ],
    ids=[
        *("deep", "deeper than any stack", "deep objects", "huge number", "huge negative number", "large number"),
        *("infinite number", "larger than a double", "not a number", "infinity", "nul", "half a letter", "long text"),
        *("list", "nothing", "fraction"),
    ],
)
async def test_an_answer_that_no_form_asks_for_is_refused(intake: Desk, value: str) -> None:
    await is_refused(intake, with_form(intake, value), "malformed")


async def test_what_is_deep_in_a_text_is_only_text(intake: Desk) -> None:
    assert (await post(intake, with_form(intake, json.dumps('[{"' * 500 + "9" * 1_000)))).status_code == 201


async def test_a_body_over_the_limit_is_refused_by_what_it_says_and_by_what_comes(intake: Desk) -> None:
    async def without_end() -> Any:
        while True:
            yield b"x" * 10_000

    await is_refused(intake, without_end(), "body_too_large")
    await is_refused(intake, b"{}", "body_too_large", **{"Content-Length": "5000000000"})


async def test_a_body_that_is_no_text_is_refused(intake: Desk) -> None:
    for body in (b"\xff\xfe{}", b"\x00", bytes(range(256)), b"<?xml version='1.0'?><x/>", b""):
        await is_refused(intake, body, "malformed")


@pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Idempotency-Key"])
async def test_a_header_that_came_twice_is_refused(intake: Desk, name: str) -> None:
    usual = {"Authorization": f"Bearer {intake.token(Role.INTAKE_OFFICER)}", "Content-Type": "application/json"}
    twice = [*usual.items(), (name, usual.get(name, "k")), (name, "another")]
    before = everything_written(intake)
    answer = await intake.client.post(CASES, content=with_form(intake, '"x"'), headers=twice)
    assert_problem(answer, status=422, code="malformed", field=name.lower())
    assert everything_written(intake) == before


@pytest.mark.parametrize("path", ["/api/v1/cases/%00", "/api/v1/cases?after=%00", "/api/v1/cases/a%00b/timeline"])
async def test_the_letter_nul_leads_nowhere(intake: Desk, path: str) -> None:
    assert_problem(await intake.call("GET", path, role=Role.AUDITOR), status=422, code="malformed", field="path")


@pytest.mark.parametrize("limit", ["0", "-1", "201", "9" * 400, "1e3", "٥٠٠", "x"])
async def test_a_page_of_any_size_cannot_be_asked_for(intake: Desk, limit: str) -> None:
    answer = await intake.call("GET", f"/api/v1/cases?limit={limit}", role=Role.AUDITOR)
    assert_problem(answer, status=422, code="malformed", field="limit")


def test_the_bounds_are_where_they_are_said_to_be() -> None:
    check_shape(b"[" * DEEPEST + b"]" * DEEPEST + b"9" * (DIGITS - 1))
    for over in (b"[" * (DEEPEST + 1), b"9" * DIGITS):
        with pytest.raises(Exception, match="body"):
            check_shape(over)
