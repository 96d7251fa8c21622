"""A branch closes: all its cases move in one act, page by page, each once, whatever stops it on the way."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.use_cases import close_branch
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import BranchClosed, BranchClosingBegun, CaseTransferred
from shared.language.roles import Role
from shared.plumbing import outbox
from tests.contracts.problem import assert_problem
from tests.intake.office import MOBILE, NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.rights import erase
from tests.intake.rows import count, multiply

ADMIN = {"role": Role.ASSOCIATION_ADMINISTRATOR, "branch": None}
WHERE = {"to_branch": "jamoum", "reason": "دُمج الفرعان"}
CLOSING = "/api/v1/branches/hada_sham/closing"
ELEVEN_MINUTES = timedelta(minutes=11)


@pytest.fixture
async def near(office: Office) -> Office:
    """A branch with 250 cases: three pages."""
    near = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    await near.begin()
    multiply(
        office.desk,
        "cases",
        times=249,
        id="substr(one.id, 1, 20) || printf('%016d', n)",
        reference="printf('JMM-2025-%06d', n)",
    )
    return near


async def close(near: Office) -> Any:
    return (await near.post(CLOSING, WHERE, **ADMIN)).json()


async def progress(near: Office) -> tuple[int, int, bool]:
    (closing,) = await near.get("/api/v1/branch-closings", **ADMIN)
    return closing["total"], closing["moved"], closing["done_at"] is not None


async def moves(near: Office) -> list[str]:
    return [event.case_id for event in await near.desk.told(CaseTransferred) if isinstance(event, CaseTransferred)]


async def test_all_cases_move_and_how_far_it_is_can_be_seen(near: Office) -> None:
    assert (await close(near))["total"] == 250
    assert await progress(near) == (250, 0, False)
    for moved in (100, 200, 250):
        await near.desk.worker.work_once()
        assert await progress(near) == (250, moved, False)
    near.desk.clock.forward(ELEVEN_MINUTES)
    await near.desk.settle()
    assert await progress(near) == (250, 250, True)
    assert len(await moves(near)) == len(set(await moves(near))) == 250
    assert await count(near.desk, "SELECT count(*) FROM cases WHERE branch_id = 'hada_sham'") == 0
    assert (await near.get("/api/v1/cases"))["items"] == []
    (begun,) = await near.desk.told(BranchClosingBegun)
    (closed,) = await near.desk.told(BranchClosed)
    assert isinstance(begun, BranchClosingBegun)
    assert isinstance(closed, BranchClosed)
    assert (begun.cases, closed.cases) == (250, 250)


async def test_a_page_that_stops_half_way_is_done_again_whole_and_no_case_moves_twice(
    near: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await close(near)
    tell, told = outbox.tell, []

    async def stops(session: Any, event: Any, *, at: Any) -> None:
        told.append(event)
        if len(told) == 150:
            raise RuntimeError("the process stops here")
        await tell(session, event, at=at)

    monkeypatch.setattr(close_branch.outbox, "tell", stops)
    await near.desk.worker.work_once()
    await near.desk.worker.work_once()
    assert await progress(near) == (250, 100, False)
    assert await count(near.desk, "SELECT count(*) FROM cases WHERE branch_id = 'hada_sham'") == 150
    await near.desk.settle()
    near.desk.clock.forward(ELEVEN_MINUTES)
    await near.desk.settle()
    assert await progress(near) == (250, 250, True)
    assert len(await moves(near)) == len(set(await moves(near))) == 250


async def test_a_request_that_commits_late_is_moved_as_well(near: Office) -> None:
    await close(near)
    await near.desk.settle()
    multiply(near.desk, "cases", times=1, id="'late'", reference="'JMM-2025-900000'", branch_id="'hada_sham'")
    near.desk.clock.forward(ELEVEN_MINUTES)
    await near.desk.settle()
    assert await progress(near) == (250, 251, True)


async def test_a_branch_that_closes_takes_nothing_more(near: Office) -> None:
    (case, *_) = (await near.get("/api/v1/cases?limit=1"))["items"]
    far = Office(near.desk, role=Role.DELEGATE, branch="ayn_shams")
    other = await far.begin()
    await near.step(case, "transfers", {"to_branch": "ayn_shams", "reason": "سبب"})
    await close(near)
    refused = await near.desk.call("POST", "/api/v1/cases", body=near.new_case(), **near.who)
    assert_problem(refused, status=422, code="branch_is_closed", field="branch_id")
    body = {"to_branch": "hada_sham", "reason": "سبب"}
    await far.refuse_step(other, "transfers", body, status=422, code="branch_is_closed", field="to_branch")
    again = await near.desk.call("POST", CLOSING, body=WHERE, **(near.who | ADMIN))
    assert_problem(again, status=422, code="branch_is_closed", field="branch_id")
    await near.desk.settle()
    # What had been asked for a case of the branch is over: it went with all the others.
    assert (await near.get("/api/v1/transfers", role=Role.INTAKE_OFFICER, branch=None))["items"] == []


async def test_a_closed_branch_is_called_by_its_name_in_the_readers_language(near: Office) -> None:
    """At each door that refuses it: a new request, a transfer, and a second closing."""
    (case, *_) = (await Office(near.desk, role=Role.INTAKE_OFFICER).get("/api/v1/cases?limit=1"))["items"]
    assert case["branch_id"] == "hada_sham"
    far = Office(near.desk, role=Role.DELEGATE, branch="ayn_shams")
    other = await far.begin()
    await close(near)
    path, body = f"/api/v1/cases/{other['id']}/transfers", {"to_branch": "hada_sham", "reason": "سبب"}
    for answer in (
        await near.desk.call("POST", "/api/v1/cases", body=near.new_case(), **near.who),
        await near.desk.call("POST", path, body=body, **far.who),
        await near.desk.call("POST", CLOSING, body=WHERE, **(near.who | ADMIN)),
    ):
        said = answer.json()["sentences"]
        for language in ("ar", "en"):
            names = [getattr(near.pack.branch(id_).name, language) for id_ in ("hada_sham", "jamoum")]  # type: ignore[union-attr]
            assert [name for name in names if name not in said[language]] == []
            assert "hada_sham" not in said[language]


@pytest.mark.parametrize(
    ("branch", "to", "code", "status", "field"),
    [
        ("jamoum", "hada_sham", "head_office_stays", 409, None),
        ("hada_sham", "hada_sham", "already_there", 422, "to_branch"),
        ("hada_sham", "dilam", "branch_unknown", 422, "to_branch"),
        ("dilam", "jamoum", "branch_unknown", 422, "branch_id"),
    ],
)
async def test_what_cannot_be_closed_is_refused(
    office: Office, branch: str, to: str, code: str, status: int, field: str | None
) -> None:
    path, body = f"/api/v1/branches/{branch}/closing", WHERE | {"to_branch": to}
    answer = await office.desk.call("POST", path, body=body, **(office.who | ADMIN))
    assert_problem(answer, status=status, code=code, field=field)


async def test_an_ended_file_moves_too(office: Office) -> None:
    near = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    case = await near.walk(to=CaseStatus.WITHDRAWN)
    await close(near)
    await near.desk.settle()
    assert (await office.now(case))["branch_id"] == "jamoum"
    assert (await office.now(case))["status"] == "withdrawn"


async def test_the_file_of_a_person_who_was_erased_moves_too(office: Office) -> None:
    near = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    case = await near.begin()
    await near.step(case, "transfers", {"to_branch": "ayn_shams", "reason": "سبب"})
    await near.walk(to=CaseStatus.CLOSED, case=case)
    await erase(office)
    await close(near)
    await near.desk.settle()
    near.desk.clock.forward(ELEVEN_MINUTES)
    await near.desk.settle()
    assert await progress(near) == (1, 1, True)
    assert (await office.get("/api/v1/transfers"))["items"] == []


async def test_whom_it_knows_without_a_case_the_other_branch_knows_and_nobody_is_registered_there_any_more(
    office: Office,
) -> None:
    """`step.reception`: nobody is left with a desk that is shut."""
    near, far = (Office(office.desk, role=Role.DELEGATE, branch=branch) for branch in ("hada_sham", "jamoum"))
    found = await near.get(f"/api/v1/people?q={NATIONAL_ID}")
    new = {"national_id": NATIONAL_ID, "name": NAME, "mobile": MOBILE, "search": found["search"]}
    assert (await near.post("/api/v1/people", new)).json()["outcome"] == "registered"
    await close(near)
    late = await near.desk.call("POST", "/api/v1/people", body=new | {"national_id": OTHER_NATIONAL_ID}, **near.who)
    assert_problem(late, status=422, code="branch_is_closed", field="branch_id")
    near.desk.clock.forward(ELEVEN_MINUTES)
    await near.desk.settle()
    (person,) = (await far.get(f"/api/v1/people?q={NATIONAL_ID}"))["people"]
    assert [branch["id"] for branch in person["branches"]] == ["jamoum"]
    assert (await near.get(f"/api/v1/people?q={NATIONAL_ID}"))["people"] == []
