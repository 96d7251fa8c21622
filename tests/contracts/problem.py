"""What a refusal looks like to whoever asked, and that it left no mark in the database."""

import re
import sqlite3
from typing import Any

import httpx

from tests.harness.desk import Desk

ARABIC = re.compile("[\u0600-\u06ff]")


def everything_written(desk: Desk) -> list[str]:
    """Every table with every row, as SQL; but not the trail, where the refusal itself may stand."""
    file = sqlite3.connect(str(desk.runtime.database.engine.url.database))
    try:
        return [line for line in file.iterdump() if not line.startswith('INSERT INTO "audit_')]
    finally:
        file.close()


def assert_problem(
    answer: httpx.Response, *, status: int, code: str, field: str | None = None, clause: str | None = None
) -> dict[str, Any]:
    """`answer` is the problem document of `code`, with its sentence in both languages."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    expected = {"code": code, "field": field, "clause": clause, "status": status, "type": f"urn:athar:problem:{code}"}
    assert {name: problem[name] for name in expected} == expected
    arabic, english = problem["sentences"]["ar"], problem["sentences"]["en"]
    assert ARABIC.search(arabic)
    assert english
    assert not ARABIC.search(re.sub("“[^”]*”", "", english))
    assert not re.search(r"\{[a-z_]+\}", arabic + english)
    assert problem["detail"] == arabic
    return problem


async def refused(
    desk: Desk,
    method: str,
    path: str,
    *,
    status: int,
    code: str,
    field: str | None = None,
    clause: str | None = None,
    **call: Any,
) -> dict[str, Any]:
    """Call, be refused with `code`, and find every table as it was; the problem document."""
    before = everything_written(desk)
    answer = await desk.call(method, path, **call)
    problem = assert_problem(answer, status=status, code=code, field=field, clause=clause)
    assert everything_written(desk) == before
    return problem
