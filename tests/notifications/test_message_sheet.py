"""The messages as a table: as their list, masked and without their words."""

from io import BytesIO

from services.notifications.domain.message import MessageStatus
from services.notifications.message_sheet import MEDIA, SHEET, STATUSES
from shared.language.events import Medium
from shared.language.roles import Role
from shared.plumbing.audit.tables import entries
from shared.sheets import read_rows
from tests.audit.book import kept
from tests.harness.desk import Desk
from tests.notifications import facts

OPERATOR = Role.NOTIFICATIONS_OPERATOR


def test_every_status_and_medium_has_its_word() -> None:
    assert (set(STATUSES), set(MEDIA)) == (set(MessageStatus), set(Medium))


async def test_a_message_is_a_row_with_its_address_masked(notifications: Desk) -> None:
    await notifications.hear(facts.received(), facts.invited())
    answer = await notifications.call("GET", f"/api/v1/messages.csv?case_id={facts.CASE}", role=OPERATOR)
    head, *rows = [row.cells for row in read_rows(BytesIO(answer.content))]
    assert list(head) == [column.ar for column in SHEET.columns]
    assert [row[5] for row in rows] == ["+9665••••123", "n••••@example.sa"] * 2
    assert [word for word in (facts.MOBILE, facts.EMAIL, facts.NAME, facts.CODE) if word in answer.text] == []


async def test_the_trail_says_of_which_cases_it_was(notifications: Desk) -> None:
    await notifications.hear(facts.received())
    await notifications.call("GET", "/api/v1/messages.xlsx", role=Role.AUDITOR)
    looks = await kept(notifications.runtime.database, entries.c.act == "export_messages")
    assert looks
    assert {look.person_id for look in looks} == {"auditor-1"}
