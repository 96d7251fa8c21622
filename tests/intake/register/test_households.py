"""A household with its means, and who may act for whom."""

from datetime import timedelta
from typing import Any

from shared.language.roles import Role
from tests.contracts.problem import assert_problem, everything_written, refused
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.register.desk import FAR, NEAR, PEOPLE, number, register_id

MEANS: dict[str, Any] = {
    "incomes": [{"kind": "pension", "monthly": "2400.00"}, {"kind": "alms", "monthly": 600}],
    "obligations": [{"kind": "rent", "monthly": "1000"}],
    "debts": [{"creditor": "بنك التنمية", "left": "18000", "instalment": "500"}],
    "housing": {"dwelling": "flat", "tenure": "rented", "repair": "poor", "rooms": 2, "yearly_rent": "12000"},
}
SAAD = {"kinship": "son", "name": "سعد سالم", "birthday": {"day": "1440-01-10", "calendar": "hijri"}}
GUARDIAN = {"agent_national_id": OTHER_NATIONAL_ID, "capacity": "guardian", "deeds": ["ask", "collect"]}


async def home(office: Office, subject: str, **who: Any) -> dict[str, Any]:
    (shown,) = await office.get(f"{PEOPLE}/{subject}/households", **who)
    return dict(shown)


async def test_a_household_has_its_head_its_members_and_a_share_a_head(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME)
    await office.post(f"{PEOPLE}/{subject}/household/members", SAAD)
    await office.post(f"{PEOPLE}/{subject}/household/statements", {"means": MEANS, "seen": 0})
    shown = await home(office, subject)
    assert (shown["head_id"], shown["number"]) == (subject, 1)
    (saad,) = shown["members"]
    assert (saad["kinship"], saad["name"], saad["born_in"], saad["lives_there"]) == ("son", "سعد سالم", "2018", True)
    assert shown["means"]["housing"]["tenure"] == "rented"
    assert (shown["figures"]["heads"], shown["figures"]["net"], shown["figures"]["share"]) == (2, "1500.00", "750.00")


async def test_what_a_household_says_lies_sealed(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME)
    await office.post(f"{PEOPLE}/{subject}/household/members", SAAD | {"national_id": number(7)})
    await office.post(f"{PEOPLE}/{subject}/household/statements", {"means": MEANS, "seen": 0})
    written = "\n".join(everything_written(office.desk))
    for secret in ("سعد", "2018-09", number(7), "بنك التنمية", "18000", "rented"):
        assert secret not in written


async def test_a_member_with_a_file_is_he_himself_and_stands_once(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME)
    child = await register_id(office, OTHER_NATIONAL_ID, "هند سالم")
    path = f"{PEOPLE}/{subject}/household/members"
    hind = {"kinship": "daughter", "name": "هند سالم", "national_id": OTHER_NATIONAL_ID}
    await office.post(path, hind)
    assert (await home(office, subject))["members"][0]["person_id"] == child
    assert (await home(office, child))["head_id"] == subject
    again = await office.desk.call("POST", path, body=hind, **office.who)
    assert_problem(again, status=409, code="already_in_household", field="national_id")
    himself = await office.desk.call("POST", path, body=hind | {"national_id": NATIONAL_ID}, **office.who)
    assert_problem(himself, status=422, code="acts_for_himself", field="national_id")


async def test_who_moves_out_counts_no_more_from_the_next_day_and_stays_in_the_file(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME)
    path = f"{PEOPLE}/{subject}/household/members"
    saad = (await office.post(path, SAAD)).json()
    today = office.desk.clock.now().date()
    ended = {"on": str(today), "reason": "تزوج"}
    early = {"on": str(today - timedelta(days=1)), "reason": "تزوج"}
    answer = await office.desk.call("POST", f"{path}/{saad['id']}/ending", body=early, **office.who)
    assert_problem(answer, status=422, code="days_out_of_order", field="on")
    assert (await office.post(f"{path}/{saad['id']}/ending", ended)).json()["lives_there"] is True
    office.desk.clock.forward(timedelta(days=1))
    (shown,) = (await home(office, subject))["members"]
    assert (shown["lives_there"], shown["until"]) == (False, str(today))


async def test_two_statements_at_once_are_one_and_a_question_and_no_older_one_is_lost(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME)
    path = f"{PEOPLE}/{subject}/household/statements"
    await office.post(path, {"means": MEANS, "seen": 0})
    body = {"means": {}, "seen": 0}
    await refused(
        office.desk, "POST", path, status=409, code="changed_meanwhile", field="seen", body=body, **office.who
    )
    await office.post(path, {"means": {}, "seen": 1}, role=Role.SOCIAL_RESEARCHER)
    page = await office.get(path)
    assert [row["number"] for row in page["items"]] == [1, 2]
    assert page["items"][0]["means"]["debts"][0]["creditor"] == "بنك التنمية"


async def test_of_a_household_whose_head_is_another_branchs_it_is_told_whom_to_call(office: Office) -> None:
    head = await register_id(office, NATIONAL_ID, NAME, who=NEAR)
    child = await register_id(office, OTHER_NATIONAL_ID, "هند سالم", who=FAR)
    hind = {"kinship": "daughter", "name": "هند سالم", "national_id": OTHER_NATIONAL_ID}
    await office.post(f"{PEOPLE}/{head}/household/members", hind, **NEAR)
    assert (await home(office, head, **NEAR))["members"][0]["person_id"] is None
    shown = await home(office, child, **FAR)
    assert [branch["id"] for branch in shown["call"]] == ["hada_sham"]
    assert (shown["head_id"], shown["members"]) == (None, [])
    assert NAME not in str(shown)


async def test_a_guardian_acts_from_a_day_to_a_day_in_what_was_given(office: Office) -> None:
    child = await register_id(office, NATIONAL_ID, "هند سالم")
    uncle = await register_id(office, OTHER_NATIONAL_ID, "خالد سالم")
    today = office.desk.clock.now().date()
    path = f"{PEOPLE}/{child}/mandates"
    period = {"valid_from": str(today), "valid_until": str(today + timedelta(days=30)), "paper": "صك ولاية 4412"}
    noted = (await office.post(path, GUARDIAN | period)).json()
    assert (noted["agent_id"], noted["deeds"], noted["in_force"]) == (uncle, ["ask", "collect"], True)
    assert "صك ولاية" not in "\n".join(everything_written(office.desk))
    office.desk.clock.forward(timedelta(days=31))
    (shown,) = (await office.get(path))["items"]
    assert shown["in_force"] is False


async def test_a_guardianship_is_ended_with_a_reason_by_those_who_see_its_person(office: Office) -> None:
    child = await register_id(office, NATIONAL_ID, "هند سالم", who=NEAR)
    await register_id(office, OTHER_NATIONAL_ID, "خالد سالم", who=NEAR)
    noted = (await office.post(f"{PEOPLE}/{child}/mandates", GUARDIAN, **NEAR)).json()
    path, today = f"/api/v1/mandates/{noted['id']}/ending", str(office.desk.clock.now().date())
    body = {"on": today, "reason": "نقلت المحكمة الولاية"}
    far = await office.desk.call("POST", path, body=body, **(office.who | FAR))
    assert_problem(far, status=404, code="mandate_not_found")
    assert (await office.post(path, body, **NEAR)).json()["valid_until"] == today


async def test_a_guardian_has_a_file_and_is_somebody_else(office: Office) -> None:
    child = await register_id(office, NATIONAL_ID, "هند سالم")
    path = f"{PEOPLE}/{child}/mandates"
    nobody = await office.desk.call("POST", path, body=GUARDIAN, **office.who)
    assert_problem(nobody, status=404, code="person_not_found", field="agent_national_id")
    himself = await office.desk.call("POST", path, body=GUARDIAN | {"agent_national_id": NATIONAL_ID}, **office.who)
    assert_problem(himself, status=422, code="acts_for_himself", field="agent")
