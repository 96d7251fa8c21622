"""The page that shows what would have been sent."""

import re

from shared.language.events import CaseRegistered
from tests.harness.desk import Desk
from tests.notifications import facts
from tests.notifications.conftest import OpenNotifications
from tests.notifications.messages import deliveries


async def test_the_page_shows_no_whole_address_no_name_no_reference_and_no_survey_code(notifications: Desk) -> None:
    await notifications.hear(facts.received(), *facts.told_to_applicant())
    page = await notifications.call("GET", "/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    for private in (facts.MOBILE, facts.EMAIL, facts.NAME, facts.CODE, facts.REFERENCE):
        assert private not in page.text
    assert "+9665••••123" in page.text
    assert "رمز تقييمك: •••" in page.text
    assert page.text.count("<article") == len(await deliveries(notifications)) == 28


async def test_the_page_reads_from_the_right_and_keeps_out_what_people_wrote(
    notifications: Desk,
) -> None:
    hostile = facts.received(email="<b>@example.sa")
    await notifications.hear(hostile, facts.returned("<script>alert(1)</script>"))
    page = await notifications.call("GET", "/")
    assert '<html lang="ar" dir="rtl"' in page.text
    assert "<script>" not in page.text
    assert "<b>" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_the_page_speaks_english_when_asked_and_a_letter_stays_in_its_own_language(notifications: Desk) -> None:
    await notifications.hear(facts.received())
    page = await notifications.call("GET", "/?lang=en")
    assert "What would have been sent" in page.text
    assert '<div class="card-body" lang="ar">' in page.text


async def test_the_newest_come_first_fifty_a_page(notifications: Desk) -> None:
    await notifications.hear(facts.received())
    for _ in range(25):
        await notifications.hear(CaseRegistered(**facts.NAMES))
    first = (await notifications.call("GET", "/")).text
    assert first.count("<article") == 50
    assert "وصلنا طلبك" not in first
    older = re.search(r'href="(\?before=[^"]+)"', first)
    assert older is not None
    second = (await notifications.call("GET", f"/{older.group(1)}")).text
    assert second.count("<article") == 2
    assert "وصلنا طلبك" in second
    assert 'rel="next"' not in second


async def test_an_empty_page_says_so(notifications: Desk) -> None:
    assert "لا توجد رسائل بعد" in (await notifications.call("GET", "/")).text


async def test_production_has_no_such_page(notifications: Desk) -> None:
    runtime = notifications.runtime
    runtime.settings = runtime.settings.model_copy(update={"environment": "production"})
    answer = await notifications.call("GET", "/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_where_all_is_sent_for_real_there_is_no_such_page(open_notifications: OpenNotifications) -> None:
    sms = {"sms": "http", "http_sms_url": "http://127.0.0.1:1", "http_sms_auth": "k", "http_sms_sender": "ATHAR"}
    mail = {"email": "smtp", "smtp_host": "127.0.0.1", "smtp_sender": "a@example.sa"}
    async with open_notifications(**sms, **mail) as desk:
        assert (await desk.call("GET", "/")).status_code == 404
