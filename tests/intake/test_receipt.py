"""The letter that the applicant takes home, over HTTP: at the branch, and from where he is."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.language.case_lifecycle import CaseStatus
from shared.language.events import Outcome
from shared.language.roles import Role
from shared.letters import Letter, LetterNotPrinted, Press
from shared.letters.typesetting import typeset
from shared.plumbing.audit.tables import entries
from tests.audit.book import kept
from tests.contracts.problem import refused
from tests.harness.desk import Desk
from tests.intake.office import MOBILE, NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office, hear_itself
from tests.letters.paper import codes_of, facts, sentences, shown_lack

OWN = "/api/v1/public/receipt"
PUBLIC_URL = "https://athar.example.org"


class LookedAtPress(Press):
    """Keeps the letters that it is given to print."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Letter] = []

    async def print(self, letter: Letter) -> bytes:
        self.letters.append(letter)
        return typeset(letter)


class BrokenPress(Press):
    async def print(self, letter: Letter) -> bytes:  # noqa: ARG002
        raise LetterNotPrinted


@pytest.fixture
def press(intake: Desk) -> LookedAtPress:
    press = intake.runtime.__dict__["press"] = LookedAtPress()
    return press


async def get_receipt(office: Office, case: dict[str, Any], **who: Any) -> bytes:
    answer = await office.desk.call("GET", f"/api/v1/cases/{case['id']}/receipt", **(office.who | who))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert f"{case['reference']}.pdf" in answer.headers["content-disposition"]
    return answer.content


async def ask(desk: Desk, case: dict[str, Any], headers: dict[str, str] | None = None, **said: Any) -> httpx.Response:
    known = {"association_id": case["association_id"], "reference": case["reference"]}
    return await desk.call("POST", OWN, body=known | said, headers=headers)


async def test_a_request_that_came_in_is_receipted_with_what_is_missing(office: Office) -> None:
    case = await office.walk(to=CaseStatus.INCOMPLETE)
    missing = [demand.name.ar for demand in office.service.documents if demand.required]
    printed = await get_receipt(office, case)
    assert shown_lack(printed, NAME, case["reference"], *missing, office.service.name.ar) == {}
    assert codes_of(printed) == [], "no address of the installation is set: the letter leads nowhere"


async def test_a_request_that_went_up_is_noticed_with_both_dates(office: Office, press: LookedAtPress) -> None:
    """`step.committee_notice`: in no less than two weeks."""
    case = await office.walk(to=CaseStatus.REFERRED)
    printed = await get_receipt(office, case)
    (letter,) = press.letters
    assert "في مدة لا تقل عن أسبوعين" in sentences(letter)
    assert facts(letter)["تاريخ الرفع"] == "12 جمادى الآخرة 1448هـ الموافق 22 نوفمبر 2026م"
    assert facts(letter)["أقرب موعد للإجابة"] == "26 جمادى الآخرة 1448هـ الموافق 6 ديسمبر 2026م"
    assert [signature.title for signature in letter.signatures] == ["موظف علاقات المستفيدين", "مدير الفرع"]
    office.desk.clock.forward(timedelta(days=3))
    assert await get_receipt(office, case) == printed, "the notice of the same day is the same letter"


async def test_a_department_is_noticed_without_two_weeks(kharj: Office, press: LookedAtPress) -> None:
    case = await kharj.walk(to=CaseStatus.REFERRED)
    await get_receipt(kharj, case)
    assert "الإدارة صاحبة الخدمة" in sentences(press.letters[0])
    assert "أسبوعين" not in sentences(press.letters[0])


async def test_an_appeal_is_noticed_as_one(office: Office, press: LookedAtPress) -> None:
    case = await office.walk(to=CaseStatus.ANSWERED, outcome=Outcome.REJECTED)
    await office.step(case, "appeal", {"grounds": "تغيّر الدخل"})
    # The case's file is made of facts as they are heard, its own among them.
    await hear_itself(office.desk)
    await get_receipt(office, case)
    assert "تظلمكم" in sentences(press.letters[0])


async def test_a_letter_is_in_the_applicants_language(office: Office, press: LookedAtPress) -> None:
    applicant = {"national_id": NATIONAL_ID, "name": "Noura Al-Harbi", "mobile": MOBILE, "language": "en"}
    case = await office.begin(applicant=applicant)
    await office.step(case, "reception", {})
    await get_receipt(office, case)
    assert press.letters[0].language == "en"
    assert press.letters[0].sender.name == office.pack.association.name.en


async def test_a_draft_has_no_receipt(office: Office) -> None:
    case = await office.begin()
    path = f"/api/v1/cases/{case['id']}/receipt"
    await refused(office.desk, "GET", path, status=409, code="step_out_of_order", **office.who)


async def test_another_branch_gets_no_receipt(office: Office) -> None:
    near = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    case = await near.begin()
    await near.step(case, "reception", {})
    path = f"/api/v1/cases/{case['id']}/receipt"
    await refused(office.desk, "GET", path, status=404, code="case_not_found", role=Role.DELEGATE, branch="ayn_shams")
    await get_receipt(near, case)


@pytest.mark.parametrize(
    "fact",
    [{"mobile": "0555000111"}, {"mobile": "٠٥٥٥٠٠٠١١١"}, {"national_id": NATIONAL_ID}, {"mobile": "+966555000111"}],
)
async def test_an_applicant_prints_his_own_receipt(office: Office, fact: dict[str, str]) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    answer = await ask(office.desk, case, **fact, reference=f" {case['reference'].lower()} ")
    assert answer.status_code == 200, answer.text
    assert shown_lack(answer.content, NAME, case["reference"]) == {}


async def test_what_he_prints_himself_has_no_lines_to_sign(office: Office, press: LookedAtPress) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    assert (await ask(office.desk, case, mobile=MOBILE)).status_code == 200
    assert press.letters[0].signatures == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"mobile": "0555000112"},
        {"national_id": OTHER_NATIONAL_ID},
        {"mobile": MOBILE, "reference": "JMM-2026-999999"},
        {"mobile": MOBILE, "association_id": "kharj-dawah"},
    ],
)
async def test_a_stranger_learns_nothing_of_a_request(office: Office, wrong: dict[str, str]) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    answer = await ask(office.desk, case, **wrong)
    assert answer.status_code == 404
    assert answer.json()["code"] == "case_not_found"


async def test_a_draft_or_a_confidential_case_is_not_printed_from_outside(office: Office) -> None:
    draft = await office.begin()
    assert (await ask(office.desk, draft, mobile=MOBILE)).status_code == 404
    case = await office.walk(to=CaseStatus.RECEIVED)
    closed = {"named": ["someone-1"], "reason": "حماية"}
    who = {"role": Role.ASSOCIATION_ADMINISTRATOR}
    await office.step(case, "confidence", closed, **who)
    assert (await ask(office.desk, case, mobile=MOBILE)).status_code == 404


@pytest.mark.parametrize(
    "said", [{}, {"mobile": MOBILE, "national_id": NATIONAL_ID}, {"mobile": "12"}, {"national_id": "12"}, {"x": 1}]
)
async def test_an_unfitting_question_is_refused(office: Office, said: dict[str, Any]) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    assert (await ask(office.desk, case, **said)).status_code == 422


async def test_the_same_question_with_the_same_key_gets_the_letter_again(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    key = {"Idempotency-Key": "once"}
    first, again = [await ask(office.desk, case, key, mobile=MOBILE) for _ in range(2)]
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert again.headers["content-type"] == "application/pdf"


async def test_a_press_that_gives_up_is_a_part_that_is_down(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    office.desk.runtime.__dict__["press"] = BrokenPress()
    path = f"/api/v1/cases/{case['id']}/receipt"
    await refused(office.desk, "GET", path, status=503, code="part_down", **office.who)


async def test_the_code_leads_to_the_installations_following_page(intake: Desk, office: Office) -> None:
    intake.runtime.settings = intake.runtime.settings.model_copy(update={"public_url": PUBLIC_URL})
    case = await office.walk(to=CaseStatus.RECEIVED)
    assert codes_of(await get_receipt(office, case)) == [f"{PUBLIC_URL}/intake/follow?reference={case['reference']}"]


async def test_a_look_at_a_receipt_stands_in_the_trail(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    await get_receipt(office, case)
    await ask(office.desk, case, mobile=MOBILE)
    trail = await kept(office.desk.runtime.database, entries.c.case_id == case["id"])
    assert [entry.act for entry in trail][-2:] == ["get_receipt", "post_own_receipt"]
