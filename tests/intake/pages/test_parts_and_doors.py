"""The page of a case shows each seat what the API tells it, and no more."""

from datetime import date

import pytest

from services.intake.seats import READERS
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from tests.intake.office import Office
from tests.intake.pages.clerk import Pages, on, words_of
from tests.intake.register.desk import number

COLLECTOR, PLACE, GIVEN, QUESTION = "خالد المستلم", "مستودع كذا", "بطانية", "هل يلزم عقد؟"
PLANNED = {"place": PLACE, "what": "سلة غذائية"} | on("planned_for", date(2026, 11, 25))
PART = {"what": GIVEN, "completes": "no", "proof": "paper", "note": "محضر 5"}


@pytest.mark.parametrize("role", READERS)
async def test_what_the_api_refuses_a_seat_is_not_on_its_page_of_the_case(
    office: Office, pages: Pages, role: Role
) -> None:
    """`step.delivery`, `step.clarification`."""
    case = await office.walk(to=CaseStatus.REGISTERED)
    path = f"/desk/cases/{case['id']}"
    may_collect = {"name": COLLECTOR, "national_id": number(3), "relation": "أخ", "proof": "وكالة رقم 77"}
    given = PART | on("delivered_on", office.desk.clock.now().date())
    for act, said in (("collectors", may_collect), ("plan", PLANNED), ("parts", given)):
        sent = await pages.post(f"{path}/{act}", said)
        assert sent.status_code == 303, words_of(sent)
    await office.step(case, "clarifications", {"question": QUESTION})
    shown = words_of(await pages.get(path, role=role))
    for door, words in (("deliveries", (COLLECTOR, PLACE, GIVEN)), ("clarifications", (QUESTION,))):
        answer = await office.desk.call("GET", f"/api/v1/cases/{case['id']}/{door}", role=role)
        assert {one in shown for one in words} == {answer.status_code == 200}, door
