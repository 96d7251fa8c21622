"""An applicant follows his own request on a public page, and nobody else learns that there is one."""

from datetime import timedelta

import httpx
import pytest

from services.intake.domain.applicant_codes import BETWEEN, IN_A_WINDOW, LASTS, TRIES, WINDOW
from services.intake.pages.public.session import LASTS as PAGE_LASTS
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import ApplicantCodeMade, CaseWithdrawn, CodePurpose, Outcome
from shared.language.roles import Role
from shared.plumbing.seal import unseal
from tests.contracts.problem import everything_written
from tests.harness.desk import Desk
from tests.intake.office import KHARJ, MOBILE, NAME, NATIONAL_ID, OTHER_NATIONAL_ID, Office
from tests.intake.visitor import Visitor

S = CaseStatus
STRANGERS = [
    {"fact": "0555000112"},
    {"fact": OTHER_NATIONAL_ID},
    {"reference": "JMM-2026-999999"},
    {"reference": "KHJ-2026-000001"},
    {"reference": "XYZ-2026-000001"},
]


@pytest.fixture
def visitor(intake: Desk) -> Visitor:
    """Of an installation that sends codes by SMS."""
    intake.runtime.own_settings = intake.runtime.own_settings.model_copy(update={"texted_codes": True})
    return Visitor(intake)


@pytest.fixture
def plain(intake: Desk) -> Visitor:
    """Of an installation without SMS."""
    return Visitor(intake)


async def made(desk: Desk) -> list[ApplicantCodeMade]:
    return [event for event in await desk.told(ApplicantCodeMade) if isinstance(event, ApplicantCodeMade)]


async def newest(desk: Desk) -> str:
    """The code that came to the mobile last."""
    return unseal((await made(desk))[-1].code)


async def ask(visitor: Visitor, office: Office, reference: str, fact: str = MOBILE) -> httpx.Response:
    """The page after somebody said which request, and the worker came to rest."""
    page = await visitor.open("/follow?again=1")
    step = await visitor.send(page, "/follow", reference=reference, fact=fact)
    assert (step.status_code, step.headers["location"]) == (303, "/follow"), step.text
    await office.desk.settle()
    assert await office.desk.dead() == []
    return await visitor.open("/follow")


async def prove(visitor: Visitor, office: Office, reference: str) -> httpx.Response:
    """The page of his request, after its code."""
    page = await ask(visitor, office, reference)
    step = await visitor.send(page, "/follow/code", code=await newest(office.desk))
    assert step.status_code == 303, step.text
    return await visitor.open("/follow")


@pytest.mark.parametrize("fact", [MOBILE, "0555000111", "+966 55 500 0111", NATIONAL_ID])
async def test_he_follows_his_request_by_a_code_that_came_to_his_mobile(
    office: Office, visitor: Visitor, fact: str
) -> None:
    """`goal.from_where_he_is`, `goal.ease`: by what he has at hand."""
    case = await office.walk(to=S.RECEIVED)
    first = await visitor.open(f"/follow?reference={case['reference']}")
    assert f'value="{case["reference"]}"' in first.text, "as the code on the receipt leads there"
    page = await ask(visitor, office, case["reference"].lower(), fact)
    assert case["reference"] not in page.text
    (event,) = await made(office.desk)
    assert (event.purpose, unseal(event.mobile)) == (CodePurpose.FOLLOW, "+966555000111")
    assert event.ends_at == office.desk.clock.now() + LASTS
    step = await visitor.send(page, "/follow/code", code=await newest(office.desk))
    assert step.status_code == 303, step.text
    shown = await visitor.open("/follow")
    assert case["reference"] in shown.text
    assert "استلمنا طلبك" in shown.text


async def test_nothing_else_shows(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    page = await prove(visitor, office, case["reference"])
    for word in (NAME, NATIONAL_ID, "555000111", case["id"], "حاجة"):
        assert word not in page.text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("wrong", STRANGERS)
async def test_wrong_and_unknown_get_the_answer_of_right(
    office: Office, visitor: Visitor, wrong: dict[str, str]
) -> None:
    case = await office.walk(to=S.RECEIVED)
    right = await ask(visitor, office, case["reference"])
    guessed = await visitor.send(right, "/follow/code", code="000000")
    codes = len(await made(office.desk))
    page = await ask(visitor, office, **({"reference": case["reference"]} | wrong))
    assert len(await made(office.desk)) == codes, "nobody is sent anything"
    assert (page.status_code, page.text) == (right.status_code, right.text)
    guess = await visitor.send(page, "/follow/code", code="000000")
    assert (guess.status_code, guess.text) == (guessed.status_code, guessed.text) == (401, guess.text)


async def test_who_asks_in_vain_makes_the_same_rows_as_who_asks_rightly(office: Office, visitor: Visitor) -> None:
    """The door does the same work whatever fits: what it takes longer for, the worker does."""
    case = await office.walk(to=S.RECEIVED)
    page = await visitor.open("/follow")
    before = len(everything_written(office.desk))
    await visitor.send(page, "/follow", reference=case["reference"], fact=MOBILE)
    right = len(everything_written(office.desk)) - before
    page = await visitor.open("/follow?again=1")
    await visitor.send(page, "/follow", reference="JMM-2026-999999", fact=MOBILE)
    assert len(everything_written(office.desk)) - before == 2 * right


async def test_a_code_has_five_tries(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    page = await ask(visitor, office, case["reference"])
    code = await newest(office.desk)
    for _ in range(TRIES):
        page = await visitor.send(page, "/follow/code", code=f"{(int(code) + 1) % 10**6:06}")
        assert page.status_code == 401
    assert (await visitor.send(page, "/follow/code", code=code)).status_code == 401


async def test_a_code_lasts_five_minutes_and_opens_once(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    page = await ask(visitor, office, case["reference"])
    code = await newest(office.desk)
    office.desk.clock.forward(LASTS)
    assert (await visitor.send(page, "/follow/code", code=code)).status_code == 401
    page = await ask(visitor, office, case["reference"])
    cookies = dict(visitor.client.cookies)
    assert (await visitor.send(page, "/follow/code", code=await newest(office.desk))).status_code == 303
    for name, value in cookies.items():
        visitor.client.cookies.set(name, value, domain="athar.test")
    again = await visitor.send(page, "/follow/code", code=await newest(office.desk))
    assert again.status_code == 401


async def test_no_more_codes_are_sent_for_a_case_than_it_needs(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    for _ in range(IN_A_WINDOW + 2):
        await ask(visitor, office, case["reference"])
        office.desk.clock.forward(BETWEEN)
    assert len(await made(office.desk)) == IN_A_WINDOW
    office.desk.clock.forward(WINDOW)
    await office.desk.settle()
    await ask(visitor, office, case["reference"])
    assert len(await made(office.desk)) == IN_A_WINDOW + 1


async def test_asking_again_within_a_minute_leaves_the_code_good(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    page = await visitor.open("/follow")
    for _ in range(2):
        step = await visitor.send(page, "/follow", reference=case["reference"], fact=MOBILE)
        assert step.status_code == 303
        await office.desk.settle()
    assert len(await made(office.desk)) == 1
    page = await visitor.open("/follow")
    assert (await visitor.send(page, "/follow/code", code=await newest(office.desk))).status_code == 303


async def test_the_page_closes_after_a_quarter_of_an_hour(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    await prove(visitor, office, case["reference"])
    office.desk.clock.forward(PAGE_LASTS)
    assert case["reference"] not in (await visitor.open("/follow")).text


async def test_a_cookie_of_another_making_opens_nothing(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    for forged in ("x", "p1.a.b", "gAAAAA"):
        visitor.client.cookies.set("__Host-athar-follow", forged, domain="athar.test")
        page = await visitor.open("/follow")
        assert page.status_code == 200
        assert case["reference"] not in page.text


async def test_what_lies_about_a_code_says_nothing_of_it(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    await ask(visitor, office, case["reference"])
    written = "\n".join(everything_written(office.desk))
    assert f'"{await newest(office.desk)}"' not in written
    assert "966555000111" not in written


async def test_what_he_owes_is_named_in_one_list(office: Office, visitor: Visitor) -> None:
    """`step.completeness`."""
    case = await office.walk(to=S.INCOMPLETE)
    page = await prove(visitor, office, case["reference"])
    for demand in office.service.documents:
        assert (demand.name.ar in page.text) is demand.required


async def test_he_reads_the_day_before_which_there_is_no_answer(office: Office, visitor: Visitor) -> None:
    """`step.committee_notice`: in no less than two weeks, with the day."""
    case = await office.walk(to=S.RECEIVED)
    page = await prove(visitor, office, case["reference"])
    assert "في مدة لا تقل عن أسبوعين" in page.text
    for status in (S.COMPLETE, S.ATTESTED, S.REFERRED):
        await office.advance(case, to=status, outcome=Outcome.ACCEPTED)
    page = await visitor.open("/follow")
    assert "في مدة لا تقل عن أسبوعين" in page.text
    assert "26 جمادى الآخرة 1448هـ" in page.text
    assert "6 ديسمبر 2026م" in page.text
    assert "لجنة البحث" in page.text


async def test_where_a_department_answers_nobody_promises_two_weeks(kharj: Office, visitor: Visitor) -> None:
    case = await kharj.walk(to=S.REFERRED)
    page = await prove(visitor, kharj, case["reference"])
    assert "أسبوعين" not in page.text
    assert "الإدارة المختصة" in page.text


async def test_he_takes_his_request_back_after_he_was_asked(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    await prove(visitor, office, case["reference"])
    asked = await visitor.open("/follow/withdrawal")
    assert case["reference"] in asked.text
    assert await office.desk.told(CaseWithdrawn) == [], "asking is not doing"
    assert (await visitor.send(asked, "/follow/withdrawal")).status_code == 303
    assert (await office.now(case))["status"] == "withdrawn"
    page = await visitor.open("/follow")
    assert "سحبت طلبك" in page.text
    assert "/follow/withdrawal" not in page.text
    assert (await visitor.send(asked, "/follow/withdrawal")).status_code == 409
    assert len(await office.desk.told(CaseWithdrawn)) == 1


async def test_he_knows_how_to_complain(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    page = await prove(visitor, office, case["reference"])
    assert f'href="/feedback/complaint?association_id={office.pack.id}"' in page.text


async def test_he_prints_his_receipt(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    page = await prove(visitor, office, case["reference"])
    printed = await visitor.send(page, "/follow/receipt")
    assert printed.status_code == 200
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")


async def test_he_closes_his_page_on_a_telephone_that_is_not_his(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    page = await prove(visitor, office, case["reference"])
    assert (await visitor.send(page, "/follow/end")).status_code == 303
    assert case["reference"] not in (await visitor.open("/follow")).text


async def test_a_page_of_another_site_asks_nothing(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    await prove(visitor, office, case["reference"])
    sent = await visitor.client.post("https://athar.test/follow/withdrawal", data={"form_token": "x"})
    assert sent.status_code == 403
    assert (await office.now(case))["status"] == "received"


async def test_a_draft_and_a_confidential_case_are_followed_by_nobody(office: Office, visitor: Visitor) -> None:
    draft = await office.begin()
    await ask(visitor, office, draft["reference"])
    case = await office.walk(to=S.RECEIVED)
    closed = {"named": ["someone-1"], "reason": "حماية"}
    await office.step(case, "confidence", closed, role=Role.ASSOCIATION_ADMINISTRATOR)
    await office.desk.settle()
    office.desk.clock.forward(BETWEEN)
    await ask(visitor, office, case["reference"])
    assert await made(office.desk) == []


@pytest.mark.parametrize("said", [{"reference": "x"}, {"fact": "12"}, {"reference": ""}, {"fact": ""}])
async def test_what_cannot_be_one_is_said_beside_its_field_and_kept(visitor: Visitor, said: dict[str, str]) -> None:
    typed = {"reference": "JMM-2026-000001", "fact": "0555000111"} | said
    page = await visitor.send(await visitor.open("/follow"), "/follow", **typed)
    assert page.status_code == 422
    (field,) = said
    assert f'id="e-{field}"' in page.text
    assert all(f'value="{value}"' in page.text for value in typed.values())


async def test_without_sms_what_he_knows_shows_where_it_is_and_lets_him_do_nothing(
    office: Office, plain: Visitor
) -> None:
    case = await office.walk(to=S.RECEIVED)
    step = await plain.send(await plain.open("/follow"), "/follow", reference=case["reference"], fact=MOBILE)
    assert step.status_code == 303
    page = await plain.open("/follow")
    assert "استلمنا طلبك" in page.text
    assert "/follow/withdrawal" not in page.text
    assert case["reference"] not in (await plain.open("/follow/withdrawal")).text
    assert await made(office.desk) == []


async def test_without_sms_wrong_and_unknown_get_one_answer(office: Office, plain: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    answers = set()
    for wrong in STRANGERS:
        typed = {"reference": case["reference"], "fact": "0555000111"} | wrong
        page = await plain.send(await plain.open("/follow"), "/follow", **typed)
        text = page.text
        for value in typed.values():
            text = text.replace(value, "")
        answers.add((page.status_code, text))
    assert [status for status, _ in answers] == [404]


async def test_how_it_was_answered_is_read_by_whoever_proved_that_it_is_his(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.ANSWERED, outcome=Outcome.REJECTED)
    page = await prove(visitor, office, case["reference"])
    assert "لم يُقبل طلبك" in page.text
    office.desk.runtime.own_settings = office.desk.runtime.own_settings.model_copy(update={"texted_codes": False})
    stranger = Visitor(office.desk)
    await stranger.send(await stranger.open("/follow"), "/follow", reference=case["reference"], fact=MOBILE)
    assert "لم يُقبل طلبك" not in (await stranger.open("/follow")).text


async def test_an_association_follows_its_own_references(kharj: Office, visitor: Visitor) -> None:
    case = await kharj.walk(to=S.RECEIVED)
    page = await prove(visitor, kharj, case["reference"])
    assert kharj.pack.id == KHARJ
    assert kharj.pack.association.name.ar in page.text


async def test_codes_are_forgotten_once_their_hour_is_over(office: Office, visitor: Visitor) -> None:
    case = await office.walk(to=S.RECEIVED)
    page = await ask(visitor, office, case["reference"])
    office.desk.clock.forward(WINDOW + timedelta(seconds=1))
    await office.desk.settle()
    answer = await visitor.send(page, "/follow/code", code=await newest(office.desk))
    assert answer.status_code == 409, "the page is over as well"
    assert not any(line.startswith('INSERT INTO "applicant_codes"') for line in everything_written(office.desk))
