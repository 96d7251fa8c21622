"""The complaints as a table: what the list shows to whoever asks, no more and no less."""

from io import BytesIO
from typing import Any

import pytest

from services.feedback.api.complaint_sheet import PARTIES, SHEET
from shared.language.events import Party
from shared.language.roles import Role
from shared.plumbing.audit.tables import entries
from shared.sheets import read_rows
from tests.audit.book import kept
from tests.feedback.test_relations import QUALITY, SAID, complain
from tests.harness.desk import Desk


async def exported(desk: Desk, kind: str = "xlsx", query: str = "", **who: Any) -> list[dict[str, Any]]:
    answer = await desk.call("GET", f"/api/v1/complaints.{kind}{query}", **({"role": QUALITY} | who))
    assert answer.status_code == 200, answer.text
    head, *rows = [row.cells for row in read_rows(BytesIO(answer.content))]
    padded = [(*row, *[None] * (len(head) - len(row))) for row in rows]
    return [dict(zip(map(str, head), row, strict=True)) for row in padded]


def test_every_party_has_its_word() -> None:
    assert set(PARTIES) == set(Party)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_a_complaint_is_a_row_with_its_contact_masked(feedback: Desk, kind: str) -> None:
    complaint = await complain(feedback)
    (row,) = await exported(feedback, kind)
    assert list(row) == [column.ar for column in SHEET.columns]
    assert (row["الشكوى"], row["النص"], row["وسيلة التواصل"]) == (complaint, SAID["text"], "••••11")
    (english,) = await exported(feedback, kind, "?language=en")
    assert (english["Party"], english["Sensitive"]) == ("beneficiary", "no")


async def test_the_words_of_a_sensitive_one_are_in_its_officers_table_alone(feedback: Desk) -> None:
    await complain(feedback, sensitive=True)
    (hidden,) = await exported(feedback)
    assert (hidden["حساسة"], hidden["النص"]) == ("نعم", None)
    (shown,) = await exported(feedback, role=Role.SENSITIVE_COMPLAINTS_OFFICER)
    assert shown["النص"] == SAID["text"]


async def test_words_that_begin_like_a_formula_are_not_carried_out(feedback: Desk) -> None:
    await complain(feedback, subject="=1+1")
    answer = await feedback.call("GET", "/api/v1/complaints.csv", role=QUALITY)
    assert "'=1+1" in answer.text


async def test_who_took_the_table_stands_in_the_trail(feedback: Desk) -> None:
    complaint = await complain(feedback)
    await exported(feedback)
    looks = await kept(feedback.runtime.database, entries.c.act == "export_complaints")
    assert {look.person_id for look in looks} == {"quality_officer-1"}
    assert [look for look in looks if complaint in str(look.shown)]
