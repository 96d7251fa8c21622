"""Every list of the desk goes out as a table: the things of the list, in Arabic words, and nothing beside them."""

import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from services.intake.api import ROUTERS
from services.intake.api.sheets import words
from services.intake.domain.letters import Direction
from services.intake.domain.register.duplicates import Finding, Sign
from services.intake.domain.transfers import TransferStatus
from services.intake.main import INTAKE
from shared.language.events import ProposalKind
from shared.language.roles import Role
from shared.plumbing.exports import PAGE
from shared.plumbing.list_sheet import in_words
from shared.sheets import read_rows
from tests.access.seeds import FAR, NEAR, SEEDS, set_environment
from tests.harness.desk import open_desk
from tests.intake.office import Office
from tests.intake.test_letter_register import register

OTHERS = {
    "/contacts": {},
    "/calls": {},
    "/letters": {},
    "/transfers": {"side": "from"},
    "/caseload": {},
    "/proposals": {},
    "/delivery-plans": {"day": "2026-12-06"},
    "/duplicates": {},
    "/guide": {},
}
WITHOUT_A_TABLE = {
    # What somebody asked for his own: his answer is a list for programs, or a copy of what is held of him.
    "/filters",
    # What a search finds, a page at most.
    "/people",
    "/library",
    "/cases/{case_id}/library",
    # Within one person's file, which prints as a page.
    "/people/{subject_id}/registrations",
    "/people/{subject_id}/household/statements",
    "/people/{subject_id}/mandates",
    "/people/{subject_id}/benefits",
    # A handful of rows, or a task of the administrator that is done where it stands.
    "/imports",
    "/personal/kept-long-enough",
    "/confidential-cases",
}
CODE = re.compile(r"[a-z_]+")


@pytest.fixture
async def near(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """A branch with something in each of its lists."""
    set_environment(tmp_path, monkeypatch)
    async with open_desk(INTAKE, tmp_path, monkeypatch) as desk:
        await SEEDS["intake"](desk)
        office = Office(desk, role=Role.DELEGATE, branch=NEAR)
        await register(office)
        yield office


async def table(office: Office, path: str, kind: str, **query: str) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = await office.desk.call("GET", f"/api/v1{path}.{kind}?{asked}", **office.who)
    assert answer.status_code == 200, answer.text
    head, *rows = [row.cells for row in read_rows(BytesIO(answer.content))]
    padded = [(*row, *[None] * (len(head) - len(row))) for row in rows]
    return [dict(zip(map(str, head), row, strict=True)) for row in padded]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_a_table_has_a_row_for_each_thing_of_its_list_in_arabic_words(near: Office, kind: str) -> None:
    for path, query in OTHERS.items():
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        listed = (await near.get(f"/api/v1{path}?{asked}"))["items"]
        rows = await table(near, path, kind, **query)
        assert len(rows) == len(listed) > 0, path
        coded = [cell for row in rows for cell in row.values() if isinstance(cell, str) and CODE.fullmatch(cell)]
        assert coded == [], path


async def test_the_questions_that_wait_are_a_table_for_who_answers_them(near: Office) -> None:
    researcher = Office(near.desk, role=Role.SOCIAL_RESEARCHER)
    waiting = (await researcher.get("/api/v1/clarifications/waiting"))["items"]
    rows = await table(researcher, "/clarifications/waiting", "xlsx")
    assert len(rows) == len(waiting) > 1
    assert {row["الفرع"] for row in rows} == {near.pack.branch(one).name.ar for one in (NEAR, FAR)}  # type: ignore[union-attr]


async def test_what_nobody_keeps_is_a_table_for_who_gives_it_out(near: Office) -> None:
    officer = Office(near.desk, role=Role.INTAKE_OFFICER)
    unkept = (await officer.get("/api/v1/caseload/unkept"))["items"]
    rows = await table(officer, "/caseload/unkept", "csv")
    assert [row["رقم الطلب"] for row in rows] == [one["reference"] for one in unkept] != []


async def test_the_administrator_has_his_staff_as_a_table(near: Office) -> None:
    rows = await table(Office(near.desk, role=Role.ASSOCIATION_ADMINISTRATOR), "/staff", "xlsx")
    assert {row["اسم الدخول"] for row in rows} == {"sara", "omar"}


async def test_a_register_longer_than_a_page_is_there_to_its_last_letter(office: Office) -> None:
    for _ in range(PAGE + 2):
        await register(office)
    numbers = [row["رقم القيد"] for row in await table(office, "/letters", "csv")]
    assert numbers == [f"2026/{number}" for number in range(1, PAGE + 3)]


def test_every_word_of_the_tables_is_there() -> None:
    assert set(words.TRANSFERS) == set(TransferStatus)
    assert set(words.PROPOSALS) == set(ProposalKind)
    assert set(words.DIRECTIONS) == set(Direction)
    assert set(words.FINDINGS) == set(Finding)
    assert set(words.SIGNS) == set(Sign)
    assert in_words(Finding.NOT_THE_SAME, words.FINDINGS, "en") == "not the same"


def test_a_list_has_a_table_or_a_reason_to_have_none() -> None:
    reads = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    paths = {route.path.removeprefix("/api/v1") for route in reads if route.methods == {"GET"}}
    tables = {path.removesuffix(".{kind}") for path in paths if path.endswith(".{kind}")}
    lists = {
        route.path.removeprefix("/api/v1")
        for route in reads
        if route.methods == {"GET"} and {"after", "limit"} & {one.name for one in route.dependant.query_params}
    }
    assert lists - tables - WITHOUT_A_TABLE == set()
