"""Who sees which messages, and how much of them."""

from typing import Any

import pytest

from shared.language.roles import Role
from tests.harness.desk import Desk
from tests.notifications import facts
from tests.notifications.messages import messages

MESSAGES = "/api/v1/messages"
OPERATOR = Role.NOTIFICATIONS_OPERATOR


@pytest.mark.parametrize("role", [OPERATOR, Role.AUDITOR])
async def test_the_list_masks_whom_and_keeps_back_what(notifications: Desk, role: Role) -> None:
    await notifications.hear(facts.received(), facts.invited())
    answer = await notifications.call("GET", f"{MESSAGES}?case_id={facts.CASE}", role=role)
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [item["recipient"] for item in items] == ["+9665••••123", "n••••@example.sa"] * 2
    for private in (facts.MOBILE, facts.EMAIL, facts.NAME, facts.CODE, "body"):
        assert private not in answer.text


async def test_the_list_comes_a_page_at_a_time(notifications: Desk) -> None:
    await notifications.hear(facts.received(), facts.invited())
    seen: list[str] = []
    after = ""
    while len(seen) < 10:
        page = (await notifications.call("GET", f"{MESSAGES}?limit=3&after={after}", role=OPERATOR)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == [message.id for message in await messages(notifications)]


async def test_another_cases_messages_are_not_in_its_list(notifications: Desk) -> None:
    await notifications.hear(facts.received())
    answer = await notifications.call("GET", f"{MESSAGES}?case_id=another", role=OPERATOR)
    assert answer.json() == {"items": [], "next": None}


async def test_the_operator_reads_the_words(notifications: Desk) -> None:
    await notifications.hear(facts.received())
    for message in await messages(notifications):
        answer = await notifications.call("GET", f"{MESSAGES}/{message.id}", role=OPERATOR)
        assert (answer.json()["subject"], answer.json()["body"]) == (message.subject, message.body)
        assert message.recipient not in answer.text


@pytest.mark.parametrize("role", sorted(set(Role) - {OPERATOR}))
async def test_nobody_else_reads_the_words_or_sends_again(notifications: Desk, role: Role) -> None:
    await notifications.hear(facts.received(email=None))
    (message,) = await messages(notifications)
    read = await notifications.call("GET", f"{MESSAGES}/{message.id}", role=role)
    again = await notifications.call("POST", f"{MESSAGES}/{message.id}/resend", role=role)
    assert (read.status_code, again.status_code) == (403, 403)
    if role is not Role.AUDITOR:
        assert (await notifications.call("GET", MESSAGES, role=role)).status_code == 403


async def test_anyone_without_a_token_is_refused(notifications: Desk) -> None:
    assert (await notifications.call("GET", MESSAGES)).status_code == 401


async def test_another_association_sees_nothing(notifications: Desk) -> None:
    await notifications.hear(facts.received(email=None))
    (message,) = await messages(notifications)
    stranger: dict[str, Any] = {"role": OPERATOR, "association": "kharj-dawah"}
    listed = await notifications.call("GET", f"{MESSAGES}?case_id={facts.CASE}", **stranger)
    assert listed.json()["items"] == []
    for method, path in (("GET", ""), ("POST", "/resend")):
        refused = await notifications.call(method, f"{MESSAGES}/{message.id}{path}", **stranger)
        assert (refused.status_code, refused.json()["code"]) == (404, "message_not_found")
