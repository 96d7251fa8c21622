"""Transfers, a closing, deliveries and looks on PostgreSQL as production has it: behind row policies."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.intake.main import INTAKE
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from shared.plumbing.identity import Scope
from tests.access.walls import make_walled, without_the_applications_wall
from tests.harness.containers import PostgresServer, postgres_server
from tests.harness.desk import ASSOCIATION, Desk, open_desk
from tests.intake.office import Office
from tests.intake.rows import count
from tests.intake.seated import end_seats, seat
from tests.intake.test_contacts import reach
from tests.intake.test_deliveries import part
from tests.intake.test_proposals import with_paper

__all__ = ["postgres_server"]

pytestmark = pytest.mark.containers
FAR = {"role": Role.BRANCH_MANAGER, "branch": "ayn_shams"}
WHY = {"reason": "سبب"}


@pytest.fixture
async def walled(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    url = await make_walled(postgres_server, INTAKE)
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        yield desk


@pytest.fixture
def near(walled: Desk) -> Office:
    return Office(walled, role=Role.DELEGATE, branch="hada_sham")


async def seen(desk: Desk, *, branch: str, table: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many rows the database alone lets a branch see."""
    scope = Scope(association_id=ASSOCIATION, branch_id=branch, person_id="delegate-1")
    with without_the_applications_wall(monkeypatch):
        async with desk.runtime.database.read(scope=scope) as session:
            query = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - names of our own
            return int(await (await session.connection()).scalar(query) or 0)


async def test_the_wall_itself_lets_one_branch_see_the_case_before_and_the_other_after(
    near: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await near.walk(to=CaseStatus.REGISTERED)
    await near.step(case, "parts", part(near))
    tables = ("cases", "documents", "delivery_parts")
    before = [await seen(near.desk, branch="hada_sham", table=table, monkeypatch=monkeypatch) for table in tables]
    assert all(before)
    assert [await seen(near.desk, branch="ayn_shams", table=one, monkeypatch=monkeypatch) for one in tables] == [0] * 3
    asked = await near.step(case, "transfers", WHY | {"to_branch": "ayn_shams"})
    await near.post(f"/api/v1/transfers/{asked['id']}/acceptance", WHY, **FAR)
    assert [await seen(near.desk, branch="hada_sham", table=one, monkeypatch=monkeypatch) for one in tables] == [0] * 3
    after = [await seen(near.desk, branch="ayn_shams", table=table, monkeypatch=monkeypatch) for table in tables]
    assert after == before
    far = Office(near.desk, **FAR)
    await far.step(case, "parts", part(near, completes=True))
    assert (await far.now(case))["status"] == "delivered"


async def test_a_branch_closes_behind_the_wall(near: Office) -> None:
    cases = [await near.begin() for _ in range(3)]
    contact = await reach(near, "letter")
    admin: dict[str, Any] = {"role": Role.ASSOCIATION_ADMINISTRATOR, "branch": None}
    await near.post("/api/v1/branches/hada_sham/closing", WHY | {"to_branch": "ayn_shams"}, **admin)
    await near.desk.settle()
    near.desk.clock.forward(timedelta(minutes=11))
    await near.desk.settle()
    assert await near.desk.dead() == []
    (closing,) = await near.get("/api/v1/branch-closings", **admin)
    assert (closing["moved"], closing["done_at"] is not None) == (3, True)
    assert {one["id"] for one in (await near.get("/api/v1/cases", **FAR))["items"]} == {case["id"] for case in cases}
    assert [one["id"] for one in (await near.get("/api/v1/contacts", **FAR))["items"]] == [contact["id"]]
    assert len((await near.get("/api/v1/letters", **FAR))["items"]) == 1
    for path in ("/api/v1/contacts", "/api/v1/letters"):
        assert (await near.get(path))["items"] == []


async def test_two_branches_that_close_at_once_do_not_close_into_each_other(near: Office) -> None:
    """A case would have gone to and fro between them for ever."""
    admin = near.who | {"role": Role.ASSOCIATION_ADMINISTRATOR, "branch": None}
    ways = (("hada_sham", "ayn_shams"), ("ayn_shams", "hada_sham"))
    answers = await asyncio.gather(
        *(
            near.desk.call("POST", f"/api/v1/branches/{one}/closing", body=WHY | {"to_branch": other}, **admin)
            for one, other in ways
        )
    )
    assert sorted(answer.status_code for answer in answers) == [202, 422]


async def test_a_look_proposes_behind_the_wall(near: Office) -> None:
    manager = {"role": Role.BRANCH_MANAGER}
    await with_paper(near, days=20)
    await near.walk(to=CaseStatus.DELIVERED)
    await near.post("/api/v1/proposals/looks", {}, **manager)
    await near.desk.settle()
    assert await near.desk.dead() == []
    page = (await near.get("/api/v1/proposals", **manager))["items"]
    assert {one["kind"] for one in page} == {"document_expiring", "service_fits"}
    assert (await near.get("/api/v1/proposals", **FAR))["items"] == []
    proposal = page[0]["id"]
    assert (await near.post(f"/api/v1/proposals/{proposal}/dismissal", WHY)).json()["reason"] == WHY["reason"]


async def test_a_wrong_code_counts_on_postgresql_too(near: Office) -> None:
    case = await near.walk(to=CaseStatus.REGISTERED)
    await near.desk.call("POST", f"/api/v1/cases/{case['id']}/delivery-code", **near.who)
    body = part(near, proof={"kind": "code", "code": "no"})
    path = f"/api/v1/cases/{case['id']}/parts"
    assert (await near.desk.call("POST", path, body=body, **near.who)).status_code == 422
    assert await count(near.desk, "SELECT wrong FROM delivery_codes") == 1


async def test_what_nobody_keeps_is_found_behind_the_wall_and_given_together(near: Office) -> None:
    await seat(near.desk, "delegate-1", "delegate-2")
    cases = [await near.begin(), await near.begin(service_id=near.pack.services[1].id)]
    manager = {"role": Role.BRANCH_MANAGER, "person": "manager"}
    path = "/api/v1/caseload/unkept"
    assert (await near.get(path, **manager))["items"] == []
    await end_seats(near.desk, "delegate-1")
    assert [one["id"] for one in (await near.get(path, **manager))["items"]] == [case["id"] for case in cases]
    assert (await near.get(path, **FAR))["items"] == []
    new = {"case_ids": [case["id"] for case in cases], "person_id": "delegate-2", **WHY}
    await near.post("/api/v1/assignments", new, **manager)
    assert (await near.get(path, **manager))["items"] == []
