"""The form in which everything is refused."""

import re
from typing import Any

import httpx

ARABIC = re.compile("[\u0600-\u06ff]")


def problem_in(answer: httpx.Response, *, status: int, code: str) -> dict[str, Any]:
    """The problem document in `answer`, which is whole, in both languages, and has this status and code."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "code", "field", "clause", "sentences"}
    assert (problem["type"], problem["status"], problem["code"]) == (f"urn:athar:problem:{code}", status, code)
    assert problem["title"]
    arabic, english = problem["sentences"]["ar"], problem["sentences"]["en"]
    assert ARABIC.search(arabic)
    assert english
    assert not ARABIC.search(english)
    assert "{" not in arabic + english
    assert problem["detail"] in {arabic, english}
    return problem
