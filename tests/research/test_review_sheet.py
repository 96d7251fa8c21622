"""The body's work as a table: as its list, for the body alone."""

from io import BytesIO

import pytest

from services.research.domain import ReviewStatus, Verdict
from services.research.review_sheet import STATUSES, VERDICTS
from shared.language.roles import Role
from shared.sheets import read_rows
from tests.harness.desk import Desk
from tests.research.test_review import referred


def test_every_status_and_verdict_has_its_word() -> None:
    assert (set(STATUSES), set(VERDICTS)) == (set(ReviewStatus), set(Verdict))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_a_review_is_a_row(research: Desk, kind: str) -> None:
    await research.hear(referred(research))
    answer = await research.call("GET", f"/api/v1/reviews.{kind}?status=open", role=Role.COMMITTEE_CHAIR)
    head, row = [row.cells for row in read_rows(BytesIO(answer.content))]
    assert (head[0], row[0], row[1]) == ("رقم الطلب", "JMM-2026-000001", 1) or kind == "csv"
    assert "كفالة شهرية" in row
    none = await research.call("GET", f"/api/v1/reviews.{kind}?status=decided", role=Role.COMMITTEE_CHAIR)
    assert len(list(read_rows(BytesIO(none.content)))) == 1


async def test_the_branchs_desk_takes_no_table_of_the_body(research: Desk) -> None:
    answer = await research.call("GET", "/api/v1/reviews.xlsx", role=Role.INTAKE_OFFICER)
    assert answer.status_code == 403
