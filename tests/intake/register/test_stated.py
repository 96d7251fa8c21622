"""What a request says of somebody who has a file: it counts for the request, and changes the file by nobody's hand."""

from typing import Any

import pytest

from shared.language.events import CaseReceived, PersonCorrected
from shared.language.roles import Role
from shared.plumbing.seal import unseal
from tests.harness.desk import ASSOCIATION
from tests.intake.office import NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.pages.clerk import Pages, words_of
from tests.intake.pages.test_desk import answers
from tests.intake.register.desk import FAR, NEAR, PEOPLE, look_for, register_id

OTHER_NAME = "منى العتيبي"
SAID = {"national_id": NATIONAL_ID, "name": OTHER_NAME, "mobile": "0555777666"}
MANAGER: dict[str, Any] = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
HEADING = "قيل خلاف ما في الملف"
WEBSITE = "/api/v1/public/requests"


async def begin(office: Office, *, who: dict[str, Any], **applicant: Any) -> dict[str, Any]:
    answer = await office.post("/api/v1/cases", office.new_case(applicant=SAID | applicant), **who)
    case: dict[str, Any] = answer.json()
    return case


async def ask_from_afar(office: Office, **applicant: Any) -> None:
    request = {"association_id": ASSOCIATION} | office.new_case(channel="website", applicant=SAID | applicant)
    answer = await office.desk.call("POST", WEBSITE, body=request)
    assert answer.status_code == 201, answer.text


async def typed(office: Office, subject: str, **who: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await office.get(f"{PEOPLE}/{subject}/registrations", **who))["items"]
    return items


async def contact_of(office: Office) -> str:
    *_, received = await office.desk.told(CaseReceived)
    assert isinstance(received, CaseReceived)
    return unseal(received.contact)


@pytest.fixture
async def subject(office: Office) -> str:
    """Somebody whose file one branch has, with a mobile."""
    return await register_id(office, NATIONAL_ID, NAME, mobile="0555000111", who=NEAR)


async def test_a_second_branchs_request_changes_no_file_and_what_it_says_stands_beside_it(
    office: Office, subject: str
) -> None:
    """Twice: the second time that branch knows him."""
    for _ in range(2):
        await begin(office, who=FAR)
        shown = await office.get(f"{PEOPLE}/{subject}", **NEAR)
        assert (shown["name"], shown["mobile"]) == (NAME, "+9665••••111")
    assert (await look_for(office, "0555777666"))["people"] == []
    _, said, _ = await typed(office, subject, **NEAR)
    assert (said["differs"], said["at_branch"], said["registered_by"]) == (
        ["mobile", "name"],
        "ayn_shams",
        "delegate-far",
    )
    assert (said["said"]["name"], said["said"]["mobile"]) == (OTHER_NAME, "+9665••••666")


async def test_what_was_not_known_of_him_is_known_from_then_on(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME, who=NEAR)
    await begin(office, who=NEAR, name=NAME)
    assert (await office.get(f"{PEOPLE}/{subject}", **NEAR))["mobile"] == "+9665••••666"
    assert len(await typed(office, subject, **NEAR)) == 1, "nothing was said otherwise"
    assert [one["id"] for one in (await look_for(office, "0555777666"))["people"]] == [subject]


async def test_whoever_does_not_see_a_file_fills_none_of_its_gaps(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME, who=NEAR)
    await begin(office, who=FAR, email="stranger@example.org")
    shown = await office.get(f"{PEOPLE}/{subject}", **NEAR)
    assert (shown["mobile"], shown["email"]) == (None, None)
    *_, said = await typed(office, subject, **NEAR)
    assert said["differs"] == ["email", "mobile", "name"]


async def test_about_his_request_he_is_told_as_he_said_there(office: Office, subject: str) -> None:
    assert subject
    case = await begin(office, who=FAR)
    await office.step(case, "reception", {}, **FAR)
    assert "+966555777666" in await contact_of(office)
    assert "+966555000111" not in await contact_of(office)


async def test_a_language_that_nobody_named_changes_nothing(office: Office) -> None:
    subject = await register_id(office, NATIONAL_ID, NAME, language="en", who=NEAR)
    case = await begin(office, who=NEAR)
    await office.step(case, "reception", {}, **NEAR)
    assert '"language":"en"' in (await contact_of(office)).replace(" ", "")
    assert (await office.get(f"{PEOPLE}/{subject}", **NEAR))["language"] == "en"


async def test_whoever_has_the_file_takes_it_in_with_a_reason(office: Office, subject: str) -> None:
    await begin(office, who=FAR)
    _, said = await typed(office, subject, **NEAR)
    path = f"{PEOPLE}/{subject}/registrations/{said['id']}/taking"
    taken = (await office.post(path, {"fields": ["mobile"], "reason": "أجابت على الجديد"}, **NEAR)).json()
    assert (taken["name"], taken["mobile"]) == (NAME, "+9665••••666")
    assert len(await office.desk.told(PersonCorrected)) == 1
    assert [one["differs"] for one in await typed(office, subject, **NEAR)] == [[], ["name"]]


async def test_what_an_unseen_person_says_of_a_known_one_is_kept_and_counts_for_nothing(
    office: Office, subject: str
) -> None:
    """`channel.website`: nobody has seen who types. He is called by the mobile of the file."""
    await ask_from_afar(office, email="mona@example.org")
    shown = await office.get(f"{PEOPLE}/{subject}", **NEAR)
    assert (shown["name"], shown["mobile"], shown["email"]) == (NAME, "+9665••••111", None)
    assert "+966555000111" in await contact_of(office)
    assert "+966555777666" not in await contact_of(office)
    _, said = await typed(office, subject, **NEAR)
    assert said["differs"] == ["email", "mobile", "name"], "also what his file does not know"
    assert (said["said"]["mobile"], said["registered_by"]) == ("+9665••••666", "applicant")


async def test_a_file_of_confidential_cases_alone_is_not_touched_and_those_named_see_what_was_said(
    office: Office,
) -> None:
    begun = await begin(office, who=NEAR, name=NAME, mobile=None)
    subject = (await office.get(f"/api/v1/cases/{begun['id']}/applicant", **MANAGER))["subject_id"]
    await office.step(begun, "reception", {}, **NEAR)
    await office.step(begun, "confidence", {"named": [], "reason": "لحساسية الحالة"}, **MANAGER)
    await begin(office, who=FAR)
    shown = await office.get(f"{PEOPLE}/{subject}", **MANAGER)
    assert (shown["name"], shown["mobile"]) == (NAME, None)
    (said,) = await typed(office, subject, **MANAGER)
    assert said["differs"] == ["mobile", "name"]


async def test_what_a_confidential_request_says_is_shown_to_those_named_alone(office: Office, subject: str) -> None:
    await begin(office, who=NEAR, name=NAME, mobile="0555000111")
    case = await begin(office, who=FAR)
    await office.step(case, "reception", {}, **FAR)
    far_manager = MANAGER | {"branch": "ayn_shams", "person": "manager-far"}
    await office.step(case, "confidence", {"named": [], "reason": "لحساسية الحالة"}, **far_manager)
    assert len(await typed(office, subject, **NEAR)) == 1
    assert len(await typed(office, subject, **far_manager)) == 2


async def test_the_page_of_a_request_shows_both_values_with_numbers_masked(office: Office, subject: str) -> None:
    assert subject
    case = await begin(office, who=FAR)
    page = await Pages(office.desk).get(f"/desk/cases/{case['id']}")
    assert page.status_code == 200
    for words in (NAME, OTHER_NAME, "+9665••••111", "+9665••••666", "مكتب عين شمس"):
        assert words in words_of(page), words
    assert "555777666" not in page.text
    assert HEADING in words_of(page)
    quiet = await begin(office, who=NEAR, national_id=OTHER_NATIONAL_ID)
    assert HEADING not in words_of(await Pages(office.desk).get(f"/desk/cases/{quiet['id']}"))


async def test_whoever_has_the_file_before_him_writes_another_mobile_on_the_page(office: Office, subject: str) -> None:
    pages = Pages(office.desk)
    sent = {"person": subject, "channel": "phone", "service_id": office.service.id} | answers(office)
    begun = await pages.post("/desk/new", sent | {"applicant.mobile": "0555333444"})
    assert begun.status_code == 303, begun.text
    shown = await office.get(f"{PEOPLE}/{subject}", **NEAR)
    assert (shown["name"], shown["mobile"]) == (NAME, "+9665••••444")
    (corrected,) = await office.desk.told(PersonCorrected)
    assert isinstance(corrected, PersonCorrected)
    assert "+966555333444" in unseal(corrected.contact), "messages about his other requests go there too"
    assert len(await typed(office, subject, **NEAR)) == 1
    (told,) = await office.desk.told(PersonCorrected)
    assert isinstance(told, PersonCorrected)
    assert "+966555333444" in unseal(told.contact), "whoever writes to him about another request writes there"
