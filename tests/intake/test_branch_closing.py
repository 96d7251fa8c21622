"""A branch closes: all its cases move in one act, page by page, each once, whatever stops it on the way."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.timers import BranchToMove
from services.intake.use_cases import close_branch
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import BranchClosed, BranchClosingBegun, CaseTransferred, TransferRevoked
from shared.language.roles import Role
from shared.plumbing import outbox
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.timers import set_timer
from tests.contracts.problem import assert_problem
from tests.intake.arrivals import arrival
from tests.intake.office import MOBILE, NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.rights import erase
from tests.intake.rows import count, multiply
from tests.intake.test_contacts import convert, reach, request_of
from tests.intake.test_letter_register import letter

ADMIN = {"role": Role.ASSOCIATION_ADMINISTRATOR, "branch": None}
WHERE = {"to_branch": "jamoum", "reason": "دُمج الفرعان"}
CLOSING = "/api/v1/branches/hada_sham/closing"
ELEVEN_MINUTES = timedelta(minutes=11)
OTHER = {"national_id": OTHER_NATIONAL_ID, "name": "منى العتيبي", "mobile": "0555000222"}


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


async def closed(office: Office, branch: str = "hada_sham", to: str = "jamoum") -> None:
    await office.post(f"/api/v1/branches/{branch}/closing", WHERE | {"to_branch": to}, **ADMIN)
    await office.desk.settle()
    office.desk.clock.forward(ELEVEN_MINUTES)
    await office.desk.settle()


async def test_a_contact_of_a_closed_branch_becomes_a_request_of_the_branch_that_has_it(office: Office) -> None:
    """`step.reception`: who was promised a call is called, whoever shut the desk."""
    near, far = (Office(office.desk, role=Role.DELEGATE, branch=branch) for branch in ("hada_sham", "jamoum"))
    contact = await reach(near)
    await near.post("/api/v1/letters", letter())
    await closed(office)
    for path in ("/api/v1/contacts", "/api/v1/calls", "/api/v1/letters?year=2026"):
        assert (await near.get(path))["items"] == []
        assert len((await far.get(path))["items"]) == 1
    assert (await convert(far, contact))["branch_id"] == "jamoum"


async def test_a_closed_branch_takes_neither_contact_nor_letter(office: Office) -> None:
    near = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    contact = await reach(near)
    await near.post(CLOSING, WHERE, **ADMIN)
    said = {"name": NAME, "mobile": MOBILE, "need": "حاجة", "arrival": arrival("phone")}
    as_request = (f"/api/v1/contacts/{contact['id']}/request", request_of(near))
    for path, body in (("/api/v1/contacts", said), ("/api/v1/letters", letter()), as_request):
        late = await near.desk.call("POST", path, body=body, **near.who)
        assert_problem(late, status=422, code="branch_is_closed", field="branch_id")


async def test_a_hundred_and_more_contacts_and_letters_move_in_pages(office: Office) -> None:
    near = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    await reach(near)
    await near.post("/api/v1/letters", letter())
    copy = "substr(one.id, 1, 20) || printf('%016d', n)"
    multiply(office.desk, "first_contacts", times=250, id=copy)
    multiply(office.desk, "letters", times=120, id=copy, number="1 + n")
    await closed(office)
    for table in ("first_contacts", "letters"):
        assert await count(office.desk, f"SELECT count(*) FROM {table} WHERE branch_id <> 'jamoum'") == 0  # noqa: S608


async def test_what_a_branch_was_asked_to_take_is_over_and_may_be_asked_of_another(office: Office) -> None:
    far = Office(office.desk, role=Role.DELEGATE, branch="ayn_shams")
    case = await far.begin()
    await far.step(case, "transfers", {"to_branch": "hada_sham", "reason": "سبب"})
    await closed(office)
    (revoked,) = await office.desk.told(TransferRevoked)
    assert isinstance(revoked, TransferRevoked)
    assert (revoked.case_id, revoked.from_branch, revoked.to_branch) == (case["id"], "ayn_shams", "hada_sham")
    assert (await far.now(case))["branch_id"] == "ayn_shams"
    assert (await office.get("/api/v1/transfers", role=Role.INTAKE_OFFICER, branch=None))["items"] == []
    await far.step(case, "transfers", {"to_branch": "jamoum", "reason": "سبب"})


@pytest.mark.parametrize("first", ["hada_sham", "ayn_shams"])
async def test_a_branch_that_closes_into_one_that_closes_leaves_no_case_between_them(
    office: Office, first: str
) -> None:
    """Whichever of the two is worked on first, and however late the other's page comes."""
    near, far = (Office(office.desk, role=Role.DELEGATE, branch=branch) for branch in ("hada_sham", "ayn_shams"))
    cases = [await near.begin(), await far.begin(applicant=OTHER)]
    await near.post(CLOSING, WHERE | {"to_branch": "ayn_shams"}, **ADMIN)
    await far.post("/api/v1/branches/ayn_shams/closing", WHERE, **ADMIN)
    office.desk.clock.forward(ELEVEN_MINUTES)
    closings = {one["branch"]: one["id"] for one in await office.get("/api/v1/branch-closings", **ADMIN)}
    async with office.desk.runtime.database.write(scope=EVERYTHING) as session:
        page = BranchToMove(closing_id=closings[first], page=0)
        await close_branch.move_page(page, session=session, now=office.desk.clock.now())
    await office.desk.settle()
    office.desk.clock.forward(ELEVEN_MINUTES)
    await office.desk.settle()
    assert [(await office.now(case))["branch_id"] for case in cases] == ["jamoum", "jamoum"]
    shown = await office.get("/api/v1/branch-closings", **ADMIN)
    assert [(one["to_branch"], one["done_at"] is not None) for one in shown] == [("jamoum", True)] * 2
    late = await near.desk.call("POST", "/api/v1/cases", body=near.new_case(), **near.who)
    between = office.pack.branch("ayn_shams")
    assert between is not None
    said = [word for word in (between.id, between.name.ar, between.name.en) if word in late.text]
    assert (late.status_code, said) == (422, []), "it says where the files are today"


async def test_a_branch_that_has_closed_is_where_no_other_closes_into(office: Office) -> None:
    await closed(office, to="ayn_shams")
    back = await office.desk.call(
        "POST", "/api/v1/branches/ayn_shams/closing", body=WHERE | {"to_branch": "hada_sham"}, **(office.who | ADMIN)
    )
    assert_problem(back, status=422, code="branch_is_closed", field="to_branch")


async def test_what_a_closed_branch_has_all_the_same_moves_when_it_is_looked_through_again(near: Office) -> None:
    """As after a release that left something behind: it is told once that the branch has closed."""
    await close(near)
    await near.desk.settle()
    near.desk.clock.forward(ELEVEN_MINUTES)
    await near.desk.settle()
    multiply(near.desk, "cases", times=1, id="'late'", reference="'JMM-2025-900000'", branch_id="'hada_sham'")
    (closing,) = await near.get("/api/v1/branch-closings", **ADMIN)
    async with near.desk.runtime.database.write(scope=EVERYTHING) as session:
        now = near.desk.clock.now()
        await set_timer(session, BranchToMove(closing_id=closing["id"], page=10**6), due_at=now, now=now)
    await near.desk.settle()
    assert await count(near.desk, "SELECT count(*) FROM cases WHERE branch_id = 'hada_sham'") == 0
    assert len(await near.desk.told(BranchClosed)) == 1
