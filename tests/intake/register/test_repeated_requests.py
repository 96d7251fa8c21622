"""A second open request of a person or his household for the same service wants a reason, which stays."""

from typing import Any

from sqlmodel import select

from services.intake.domain.register.duplicates import RepeatedRequest
from services.intake.settings import IntakeSettings
from shared.plumbing.scope import EVERYTHING
from tests.contracts.problem import assert_problem
from tests.intake.arrivals import arrival
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office, S
from tests.intake.register.desk import FAR, NEAR, PAIRS, PEOPLE, look_for, number, register, register_id

WHY = "ضاعت الحقيبة الأولى"


async def begin(office: Office, national_id: str = NATIONAL_ID, **changes: Any) -> Any:
    who = changes.pop("who", {})
    proof = (await look_for(office, national_id, **who))["search"]
    new = office.new_case(applicant={"national_id": national_id, "name": NAME}, search=proof, **changes)
    return await office.desk.call("POST", "/api/v1/cases", body=new, **(office.who | who))


async def test_a_second_request_for_a_service_is_refused_with_the_number_of_the_first(strict: Office) -> None:
    first = (await begin(strict)).json()
    problem = assert_problem(await begin(strict), status=409, code="same_request_open", field="despite")
    assert first["reference"] in problem["sentences"]["ar"]
    other = await begin(strict, service_id=strict.pack.services[1].id, form={})
    assert other.status_code == 201


async def test_with_a_reason_it_is_begun_and_the_reason_stays(strict: Office) -> None:
    first = (await begin(strict)).json()
    second = await begin(strict, despite=WHY)
    assert second.status_code == 201
    async with strict.desk.runtime.database.read(scope=EVERYTHING) as session:
        (kept,) = (await session.exec(select(RepeatedRequest))).all()
    assert (kept.case_id, kept.beside, kept.reason) == (second.json()["id"], [first["reference"]], WHY)


async def test_what_a_contact_becomes_is_asked_the_same(strict: Office) -> None:
    """Looked for before his file is opened, and one open request a service."""
    new = strict.new_case()
    body = {name: new[name] for name in ("service_id", "applicant", "form")}

    async def convert(**changes: Any) -> Any:
        reached = await strict.post("/api/v1/contacts", {"name": NAME, "need": "إيجار", "arrival": arrival("phone")})
        path = f"/api/v1/contacts/{reached.json()['id']}/request"
        return await strict.desk.call("POST", path, body=body | changes, **strict.who)

    assert_problem(await convert(), status=409, code="search_first", field="search")
    first = await convert(search=(await look_for(strict, NATIONAL_ID))["search"])
    assert first.status_code == 201, first.text
    problem = assert_problem(await convert(), status=409, code="same_request_open", field="despite")
    assert first.json()["reference"] in problem["sentences"]["ar"]
    second = await convert(despite=WHY)
    assert second.status_code == 201, second.text


async def test_a_request_that_ended_stands_in_nobodys_way(strict: Office) -> None:
    case = (await begin(strict)).json()
    await strict.advance(case, to=S.WITHDRAWN)
    assert (await begin(strict)).status_code == 201


async def test_another_branch_learns_that_one_is_open_and_where(strict: Office) -> None:
    first = (await begin(strict, who=NEAR)).json()
    problem = assert_problem(await begin(strict, who=FAR), status=409, code="same_request_open", field="despite")
    assert strict.pack.branch("hada_sham").name.ar in problem["sentences"]["ar"]  # type: ignore[union-attr]
    hidden = await strict.desk.call("GET", f"/api/v1/cases/{first['id']}", **(strict.who | FAR))
    assert_problem(hidden, status=404, code="case_not_found")


async def test_a_request_of_his_household_counts_as_his(strict: Office) -> None:
    head = await register_id(strict, NATIONAL_ID, NAME)
    await register(strict, OTHER_NATIONAL_ID, "هند سالم")
    hind = {"kinship": "daughter", "name": "هند سالم", "national_id": OTHER_NATIONAL_ID}
    await strict.post(f"{PEOPLE}/{head}/household/members", hind)
    assert (await begin(strict)).status_code == 201
    answer = await begin(strict, OTHER_NATIONAL_ID)
    assert_problem(answer, status=409, code="same_request_open", field="despite")


async def test_a_request_under_his_other_file_counts_as_his(strict: Office) -> None:
    one = await register_id(strict, number(1), "نورة سالم الحربي")
    other = await register_id(strict, number(2), "نورة سالم الحربي")
    assert (await begin(strict, number(1))).status_code == 201
    pair = (await strict.post(PAIRS, {"one": one, "other": other})).json()["id"]
    await strict.post(f"{PAIRS}/{pair}/merge", {"keep": "other", "reason": "بطاقتان لشخص واحد"})
    answer = await begin(strict, number(2))
    assert_problem(answer, status=409, code="same_request_open", field="despite")


async def test_where_the_desk_does_not_ask_a_second_request_is_begun_as_before(office: Office) -> None:
    await office.begin()
    assert (await office.begin())["status"] == "draft"


def test_a_desk_asks_both_unless_it_is_told_not_to() -> None:
    """`step.reception`: a file cannot be opened before its person was looked for."""
    asked = {name: IntakeSettings.model_fields[name].default for name in ("search_first", "one_open_request")}
    assert asked == {"search_first": True, "one_open_request": True}
