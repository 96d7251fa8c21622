"""A file in a form without scripts: its token is a field before the file, and looked at before a byte is kept."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.plumbing.browser import FIELD, HEADER, form_token
from shared.plumbing.edge.parts import MOST_PARTS, TEXTS_BYTES, texts_in
from tests.contracts.problem import assert_problem, everything_written
from tests.edge import papers
from tests.edge.file_desk import FORM, FileDesk, form

JPEG = papers.image()
REAL, ANOTHERS = "«real»", "«another's»"
"""What stands for a token that only a running desk can make."""


def text(value: str, *, name: str = FIELD) -> bytes:
    return f'--b0rder\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for place in range(0, len(body), 7):
        yield body[place : place + 7]


async def by_browser(
    desk: FileDesk, body: bytes, *, kind: str = FORM, path: str = "", pieces: bool = False, **headers: str
) -> Any:
    """What a browser sends that is signed in: cookies, and no header of a program."""
    token = desk.headers()["Authorization"].removeprefix("Bearer ")
    # The desk's tokens are of no session.
    tokens = {REAL: form_token(""), ANOTHERS: form_token("another")}
    for stands, for_it in tokens.items():
        body = body.replace(stands.encode(), for_it.encode())
        headers = {name: value.replace(stands, for_it) for name, value in headers.items()}
    sent = {"Cookie": f"__Host-athar-access={token}", "Content-Type": kind} | headers
    content = in_pieces(body) if pieces else body
    return await desk.office.desk.client.post(path or desk.path, content=content, headers=sent)


async def test_a_form_without_scripts_brings_its_file(papers_desk: FileDesk) -> None:
    answer = await by_browser(papers_desk, text(REAL) + form(JPEG))
    assert answer.status_code == 201, answer.text
    assert len(papers_desk.kept()) == 1


@pytest.mark.parametrize("body", [form(JPEG), JPEG], ids=["a form", "the file itself"])
async def test_a_script_says_the_token_in_a_header(papers_desk: FileDesk, body: bytes) -> None:
    kind = FORM if body != JPEG else "application/octet-stream"
    assert (await by_browser(papers_desk, body, kind=kind, **{HEADER: REAL})).status_code == 201


FORGERIES: dict[str, tuple[bytes, str, dict[str, str]]] = {
    "no token": (form(JPEG), FORM, {}),
    "made up": (text("made-up") + form(JPEG), FORM, {}),
    "of another session": (text(ANOTHERS) + form(JPEG), FORM, {}),
    "no letters of ours": (text("é" * 40) + form(JPEG), FORM, {}),
    "after the file": (form(JPEG).removesuffix(b"--b0rder--\r\n") + text(REAL) + b"--b0rder--\r\n", FORM, {}),
    "in another's page": (text(REAL) + form(JPEG), FORM, {"Origin": "https://evil.test"}),
    "across sites": (text(REAL) + form(JPEG), FORM, {"Sec-Fetch-Site": "cross-site"}),
    "a wrong header before a right field": (text(REAL) + form(JPEG), FORM, {HEADER: "made-up"}),
    "the file itself": (JPEG, "application/octet-stream", {}),
    "a form of another kind": (f"{FIELD}={REAL}".encode(), "application/x-www-form-urlencoded", {}),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_strangers_page_brings_no_file(papers_desk: FileDesk, forgery: str) -> None:
    body, kind, headers = FORGERIES[forgery]
    before = everything_written(papers_desk.office.desk)
    answer = await by_browser(papers_desk, body, kind=kind, **headers)
    assert_problem(answer, status=403, code="request_forged")
    assert everything_written(papers_desk.office.desk) == before
    assert (papers_desk.kept(), papers_desk.drafts()) == ([], [])


@pytest.mark.parametrize(
    "body",
    [
        text(REAL) * 2,
        text(REAL) + form(JPEG).removesuffix(b"--b0rder--\r\n") + form(JPEG),
        text(REAL) + text("beside it", name="note") + form(JPEG),
        text(REAL) + text("no file", name="file") + b"--b0rder--\r\n",
        text(REAL) + b"--b0rder--\r\n",
        text("a" * TEXTS_BYTES) + form(JPEG),
        text(REAL, name="a" * TEXTS_BYTES) + form(JPEG),
        text(REAL) * (MOST_PARTS + 1) + form(JPEG),
    ],
    ids=["cut", "two files", "another field", "a text", "no file", "a long text", "a long name", "many fields"],
)
async def test_a_form_holds_the_token_and_one_file(papers_desk: FileDesk, body: bytes) -> None:
    answer = await by_browser(papers_desk, body)
    assert_problem(answer, status=422, code="malformed", field="file")
    assert (papers_desk.kept(), papers_desk.drafts()) == ([], [])


async def test_a_form_comes_in_pieces_of_any_size(papers_desk: FileDesk) -> None:
    assert (await by_browser(papers_desk, text(REAL) + form(JPEG), pieces=True)).status_code == 201


async def test_where_no_file_is_taken_a_form_of_parts_may_say_its_token_too(papers_desk: FileDesk) -> None:
    path, end = f"/api/v1/cases/{papers_desk.case['id']}/reception", b"--b0rder--\r\n"
    # The door is passed; what stands behind it wants JSON.
    passed = await by_browser(papers_desk, text(REAL) + end, path=path)
    assert_problem(passed, status=422, code="malformed", field=passed.json()["field"])
    forged = await by_browser(papers_desk, text("made-up") + end, path=path)
    assert_problem(forged, status=403, code="request_forged")


@pytest.mark.parametrize(
    ("body", "kind", "texts"),
    [
        (text("نعم", name="x") + form(b"file"), FORM, {"x": "نعم"}),
        (text("first") + text("last") + b"--b0rder--\r\n", FORM, {FIELD: "last"}),
        (text("cut"), FORM, {}),
        (text("x"), "multipart/form-data", {}),
        (text("x"), "multipart/form-data; boundary=" + "b" * 300, {}),
        (text("x"), "text/plain", {}),
        (text("a" * TEXTS_BYTES) + b"--b0rder--\r\n", FORM, {}),
        (b"\xff\xfe", FORM, {}),
    ],
)
def test_the_texts_of_a_form_are_read_within_bounds(body: bytes, kind: str, texts: dict[str, str]) -> None:
    assert texts_in(body, content_type=kind) == texts
