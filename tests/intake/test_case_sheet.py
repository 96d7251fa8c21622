"""The list of cases as a table: what the list shows, no more and no less, and in the trail like the list."""

import json
from datetime import date, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from services.intake.api.sheets.cases import cases_of
from services.intake.api.sheets.words import OUTCOMES
from shared.language.case_lifecycle import STATUSES, CaseStatus
from shared.language.clauses import CHANNELS, Channel
from shared.language.errors import SessionEnded as SessionIsOver
from shared.language.errors import TokenExpired
from shared.language.events import Outcome, SessionEnded
from shared.language.roles import Role
from shared.plumbing.audit.tables import entries
from shared.plumbing.exports import PAGE, Listing, export
from shared.plumbing.identity import Principal
from shared.plumbing.sessions import keep_ended
from shared.policy.adopted import pack_of
from shared.sheets import Column, Csv, read_rows
from tests.audit.book import kept
from tests.harness.desk import ASSOCIATION
from tests.intake.office import Office
from tests.intake.test_list_cost import CASES, copy_cases

ARABIC = [column.ar for column in cases_of(pack_of(ASSOCIATION)).columns]


async def exported(office: Office, kind: str, query: str = "", **who: Any) -> list[dict[str, Any]]:
    answer = await office.desk.call("GET", f"/api/v1/cases.{kind}{query}", **(office.who | who))
    assert answer.status_code == 200, answer.text
    head, *rows = [row.cells for row in read_rows(BytesIO(answer.content))]
    padded = [(*row, *[None] * (len(head) - len(row))) for row in rows]
    return [dict(zip(map(str, head), row, strict=True)) for row in padded]


async def listed(office: Office, query: str = "", **who: Any) -> list[str]:
    after, references = "", []
    while after is not None:
        page = await office.get(f"/api/v1/cases?limit=200&after={after}{query}", **who)
        references += [case["reference"] for case in page["items"]]
        after = page["next"]
    return references


def test_every_word_of_a_table_is_there() -> None:
    assert (set(STATUSES), set(CHANNELS), set(OUTCOMES)) == (set(CaseStatus), set(Channel), set(Outcome))


async def test_a_case_is_a_row_with_its_days_as_days(office: Office) -> None:
    case = await office.walk(to=CaseStatus.DELIVERED)
    (row,) = await exported(office, "xlsx")
    assert list(row) == ARABIC
    assert row["رقم الطلب"] == case["reference"]
    assert row["الحالة"] == "مُسلَّم"
    assert row["القرار"] == "قبول"
    assert row["القناة"] == "مقابلة"
    assert row["الخدمة"] == office.service.name.ar
    assert row["تاريخ التقديم"] == datetime(2026, 11, 22, 12, 0)  # noqa: DTZ001 - in Riyadh, as a cell has it
    assert row["تاريخ التسليم"] == date(2026, 11, 22)


async def test_a_table_is_in_english_where_it_is_asked_for(office: Office) -> None:
    await office.walk(to=CaseStatus.INCOMPLETE)
    answer = await office.desk.call("GET", "/api/v1/cases.xlsx?language=en", **office.who)
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    assert not sheet.sheet_view.rightToLeft
    (row,) = await exported(office, "csv", "?language=en")
    assert row["Status"] == "incomplete"
    assert row["Missing"] == "; ".join(demand.name.en for demand in office.service.documents if demand.required)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_a_table_holds_what_the_list_shows(office: Office, kind: str) -> None:
    await office.begin()
    copy_cases(office.desk)
    for query, who in (
        ("", {}),
        ("status=received", {}),
        ("", {"role": Role.DELEGATE, "branch": "hada_sham"}),
    ):
        rows = await exported(office, kind, f"?{query}", **who)
        references = await listed(office, f"&{query}", **who)
        assert [row["رقم الطلب"] for row in rows] == references
        assert references


async def test_a_table_is_made_page_by_page_and_each_is_noted_before_it_leaves(office: Office) -> None:
    await office.begin()
    copy_cases(office.desk)
    rows = await exported(office, "csv")
    assert len(rows) > CASES // 2
    looks = await kept(office.desk.runtime.database, entries.c.act == "export_cases")
    pages = [json.loads(entry.shown) for entry in looks if entry.shown]
    assert {entry.kind for entry in looks} == {"looked"}
    assert {entry.person_id for entry in looks} == {"intake_officer-1"}
    assert [len(page) for page in pages[:-1]] == [PAGE] * (len(rows) // PAGE)
    assert len({one for page in pages for one in page}) == len(rows)


class Nobody:
    """A visit that leaves nothing to note."""

    def entries(self, *_: Any, **__: Any) -> list[Any]:
        return []


def endless_table(office: Office) -> Any:
    """The pieces of a table that goes on, for somebody whose token lasts an hour."""
    runtime = office.desk.runtime
    who = Principal(
        association_id=ASSOCIATION, person_id="sara", role=Role.INTAKE_OFFICER, branch_id=None, session_id="session-1"
    )
    request = SimpleNamespace(
        app=SimpleNamespace(state=SimpleNamespace(runtime=runtime)),
        state=SimpleNamespace(visit=Nobody()),
        headers={"authorization": f"Bearer {office.desk.token(Role.INTAKE_OFFICER, person='sara')}"},
    )

    async def load(_: Any, after: str, limit: int) -> list[Any]:
        return [SimpleNamespace(id=f"{after}{n:03}") for n in range(limit)]

    listing: Listing[Any] = Listing(load, lambda thing: [thing.id])
    sheet = Csv([Column("id")])
    answer: Any = export(request, listing, sheet=sheet, who=who, name="x.csv", fallback="x.csv")  # type: ignore[arg-type]
    return answer.body_iterator


async def test_a_token_that_ends_meanwhile_ends_the_table(office: Office) -> None:
    pieces = endless_table(office)
    assert [len(await anext(pieces)) > 0 for _ in range(3)] == [True] * 3
    office.desk.clock.forward(timedelta(hours=1))
    with pytest.raises(TokenExpired):
        await anext(pieces)


async def test_a_session_that_ends_meanwhile_ends_the_table(office: Office) -> None:
    runtime = office.desk.runtime
    pieces = endless_table(office)
    assert [len(await anext(pieces)) > 0 for _ in range(3)] == [True] * 3
    async with runtime.database.write() as session:
        tokens_end_at = office.desk.clock.now() + timedelta(minutes=5)
        ended = SessionEnded(
            association_id=ASSOCIATION, person_id="sara", session_id="session-1", tokens_end_at=tokens_end_at
        )
        await keep_ended(ended, session=session)
    with pytest.raises(SessionIsOver):
        await anext(pieces)


async def test_a_confidential_case_is_in_nobodys_table_but_those_named(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    closed = {"named": ["someone-1"], "reason": "حماية"}
    await office.step(case, "confidence", closed, role=Role.ASSOCIATION_ADMINISTRATOR)
    assert await exported(office, "xlsx") == []
    assert len(await exported(office, "xlsx", person="someone-1")) == 1


async def test_a_table_of_another_kind_is_not_made(office: Office) -> None:
    answer = await office.desk.call("GET", "/api/v1/cases.pdf", **office.who)
    assert answer.status_code == 422
