"""The public's page for complaints."""

import html
import re

import httpx
import pytest

from shared.language.events import ComplaintReceived
from tests.contracts.problem import everything_written
from tests.harness.desk import ASSOCIATION, Desk

ORIGIN = "https://athar.test"
HEADERS = {"Accept": "text/html", "Accept-Language": "ar"}
TYPED = {"association_id": ASSOCIATION, "subject": "تأخر الرد", "text": "اتصلت مرارًا", "contact": "0555000111"}


async def open_page(desk: Desk, path: str = "/complaint") -> httpx.Response:
    return await desk.client.get(f"{ORIGIN}{path}", headers=HEADERS)


async def send(
    desk: Desk, page: httpx.Response, *, headers: dict[str, str] | None = None, **fields: str
) -> httpx.Response:
    found = re.search(r'name="form_token" value="([^"]*)"', page.text.partition("<main")[2])
    assert found is not None
    data = {"form_token": html.unescape(found.group(1))} | fields
    return await desk.client.post(
        f"{ORIGIN}/complaint", data=data, headers=HEADERS | {"Origin": ORIGIN} | (headers or {})
    )


async def test_somebody_complains_from_where_he_is(feedback: Desk) -> None:
    """`goal.trust.improvement`."""
    page = await open_page(feedback, f"/complaint?association_id={ASSOCIATION}")
    assert f'value="{ASSOCIATION}" selected' in page.text
    step = await send(feedback, page, **TYPED)
    assert (step.status_code, step.headers["location"]) == (303, "/complaint/heard"), step.text
    (told,) = await feedback.told(ComplaintReceived)
    assert told.association_id == ASSOCIATION
    written = "\n".join(everything_written(feedback))
    assert TYPED["text"] not in written
    assert "وصلتنا شكواك" in (await open_page(feedback, "/complaint/heard")).text


@pytest.mark.parametrize(
    ("field", "value"), [("subject", " "), ("text", ""), ("association_id", "nobody"), ("text", "ن" * 4001)]
)
async def test_what_is_wrong_is_said_beside_its_field_and_all_else_stays(
    feedback: Desk, field: str, value: str
) -> None:
    refused = await send(feedback, await open_page(feedback), **(TYPED | {field: value}))
    assert refused.status_code == 422
    assert f'id="e-{field}"' in refused.text
    assert all(typed in refused.text for name, typed in TYPED.items() if name != field)
    assert await feedback.told(ComplaintReceived) == []


async def test_a_page_of_another_site_complains_about_nobody(feedback: Desk) -> None:
    await open_page(feedback)
    refused = await feedback.client.post(f"{ORIGIN}/complaint", data=TYPED | {"form_token": "x"}, headers=HEADERS)
    assert refused.status_code == 403
    assert await feedback.told(ComplaintReceived) == []


async def test_a_double_click_complains_once(feedback: Desk) -> None:
    page = await open_page(feedback)
    nonce = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in feedback.client.cookies.jar)}
    first = await send(feedback, page, **TYPED)
    # The second click left before the first answer came, so with the cookie that the answer takes away.
    feedback.client.cookies.clear()
    second = await send(feedback, page, headers=nonce, **TYPED)
    assert (first.status_code, second.status_code) == (303, 303), second.text
    assert second.headers["location"] == first.headers["location"]
    assert len(await feedback.told(ComplaintReceived)) == 1


async def test_a_complaint_in_other_words_is_another(feedback: Desk) -> None:
    for words in ("اتصلت مرارًا", "اتصلت أمس كذلك"):
        step = await send(feedback, await open_page(feedback), **(TYPED | {"text": words}))
        assert step.status_code == 303
    assert len(await feedback.told(ComplaintReceived)) == 2


async def test_a_page_sent_too_late_can_be_sent_again(feedback: Desk) -> None:
    """What was refused for want of a cookie is not answered so for ever."""
    page = await open_page(feedback)
    jar = list(feedback.client.cookies.jar)
    feedback.client.cookies.clear()
    assert (await send(feedback, page, **TYPED)).status_code == 403
    feedback.client.cookies.clear()
    for cookie in jar:
        feedback.client.cookies.jar.set_cookie(cookie)
    assert (await send(feedback, page, **TYPED)).status_code == 303
