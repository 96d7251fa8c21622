"""A whole request by pages alone, without scripts: from the search for the person to the closed file."""

import re
from datetime import timedelta

from shared.language.calendar import riyadh_day
from shared.language.events import CaseAnswered, Outcome
from shared.plumbing.seal import seal
from shared.policy.adopted import pack_of
from tests.accounts.house import ASSOCIATION, House
from tests.edge.papers import image
from tests.intake.office import MOBILE, NAME, NATIONAL_ID, Office
from tests.intake.pages.clerk import DESK, Clerk, errors_of, main_of, on, words_of

PACK = pack_of(ASSOCIATION)
SERVICE = PACK.services[0]


async def test_a_delegate_takes_a_request_all_the_way_without_a_script(house: House, clerk: Clerk) -> None:
    """`step.reception`, `step.completeness`, `step.attestation`, `step.committee_notice`, `step.registration`,
    `step.delivery`, `eligibility.benefit`."""
    today = riyadh_day(house.clock.now())
    home = await clerk.open(DESK)
    assert home.status_code == 200
    assert f'href="{DESK}/new"' in main_of(home)

    nobody = await clerk.open(f"{DESK}/new?q={NATIONAL_ID}")
    assert "لم يُعثر على أحد" in words_of(nobody)
    who = await clerk.open(f"{DESK}/new/applicant")
    form = await clerk.fill(
        who,
        **{"applicant.national_id": "١٠٠٠٠٠٠٠٠٨", "applicant.name": NAME, "applicant.mobile": MOBILE},
        channel="interview",
        service_id=SERVICE.id,
    )
    assert "الخطوة 3 من 6" in words_of(form)
    given = {f"form.{field.id}": "٤" if field.kind == "integer" else "حاجة" for field in SERVICE.form}
    papers = await clerk.fill(form, **given)
    assert papers.status_code == 200, papers.text
    reference = re.search(r"JMM-2026-\d{6}", words_of(papers))
    assert reference is not None

    for demand in SERVICE.documents:
        if demand.required:
            picture = await clerk.fill(papers, kind=demand.kind, **on("issued_on", today))
            assert demand.name.ar in words_of(picture)
            papers = await clerk.attach(picture, "card.jpg", image())
            assert papers.status_code == 200, papers.text
            assert "حُفظت صورة المستند" in words_of(papers)

    base = str(papers.url.path).removesuffix("/documents")
    look = await clerk.open(f"{base}/reception")
    assert "حاجة" in words_of(look)
    signing = await clerk.fill(look, minutes="20", questions="٣")
    assert "قُدّم الطلب" in words_of(signing)
    assert PACK.attestation is not None
    for statement in PACK.attestation.statements:
        assert statement.ar in words_of(signing)

    unread = await clerk.fill(signing, accepted_statements=["0"], signed_name=NAME)
    assert unread.status_code == 422
    assert errors_of(unread) == ["accepted_statements"]
    assert NAME in main_of(unread)
    all_of_them = [str(place) for place in range(len(PACK.attestation.statements))]
    going_up = await clerk.fill(unread, accepted_statements=all_of_them, signed_name=NAME)
    floor = today + timedelta(days=PACK.reply_floor_days)
    for day in (today, floor):
        assert f'datetime="{day.isoformat()}"' in main_of(going_up), "both dates are told before it goes up"
    gone = await clerk.fill(going_up)
    assert "رُفع الطلب" in words_of(gone)
    for day in (today, floor):
        assert f'datetime="{day.isoformat()}"' in main_of(gone)
    receipt = await clerk.client.get(f"/intake/api/v1/cases/{base.rpartition('/')[2]}/receipt")
    assert receipt.headers["content-type"] == "application/pdf"

    await _answer(house, case_id=base.rpartition("/")[2], reference=reference.group())
    case = await clerk.open(base)
    assert "قبول" in words_of(case)
    case = await clerk.fill(await clerk.open(f"{base}/registration"))
    assert "اكتمل التسجيل" in words_of(case)
    today = riyadh_day(house.clock.now())
    case = await clerk.fill(
        await clerk.open(f"{base}/delivery"), received_by=NAME, proof="محضر 12", **on("delivered_on", today)
    )
    assert "محضر 12" in words_of(case)
    case = await clerk.fill(await clerk.open(f"{base}/benefit"), useful="yes", note="انتظم في المدرسة")
    assert "انتظم في المدرسة" in words_of(case)
    case = await clerk.fill(await clerk.open(f"{base}/closing"))
    assert "أُغلق الملف" in words_of(case)
    assert "الإجراء التالي" not in words_of(case)


async def _answer(house: House, *, case_id: str, reference: str) -> None:
    """The committee's word, once the two weeks are over."""
    office = Office(house)
    case = {"id": case_id, "reference": reference}
    await house.hear(office.studied(case), office.decided(case))
    referred_at = house.clock.now()
    house.clock.forward(timedelta(minutes=1))
    await house.hear(
        CaseAnswered(
            **office.names(case),
            round=1,
            outcome=Outcome.ACCEPTED,
            reason=seal("قررت اللجنة"),
            referred_at=referred_at - timedelta(days=PACK.reply_floor_days),
            answered_at=house.clock.now(),
            floor_days=PACK.reply_floor_days,
        )
    )
    assert await house.dead() == []


async def test_a_form_that_no_page_of_ours_holds_is_refused(clerk: Clerk) -> None:
    page = await clerk.open(f"{DESK}/new/applicant")
    sent = {"channel": "interview", "service_id": SERVICE.id}
    for headers in ({}, {"Origin": "https://elsewhere.test", "Sec-Fetch-Site": "cross-site"}):
        answer = await clerk.client.post(f"{DESK}/new/applicant", data=sent, headers=headers)
        assert answer.status_code == 403, answer.text
        assert answer.json()["code"] == "request_forged"
    assert page.status_code == 200


async def test_a_paper_that_is_no_picture_is_refused_beside_its_field_and_nothing_is_kept(
    house: House, clerk: Clerk
) -> None:
    today = riyadh_day(house.clock.now())
    who = await clerk.open(f"{DESK}/new/applicant")
    named = {"applicant.national_id": NATIONAL_ID, "applicant.name": NAME}
    form = await clerk.fill(who, **named, channel="phone", service_id=SERVICE.id)
    given = {f"form.{field.id}": "4" for field in SERVICE.form}
    papers = await clerk.fill(form, **given)
    picture = await clerk.fill(papers, kind=SERVICE.documents[0].kind, **on("issued_on", today))
    refused = await clerk.attach(picture, "card.jpg", b"MZ this is no picture")
    assert refused.status_code == 415, refused.text
    assert errors_of(refused) == ["file"]
    assert "إرسال صورة" in words_of(await clerk.open(str(papers.url.path)))
