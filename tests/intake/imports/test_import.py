"""A list comes in: checked first, then each row once, by the rules of the desk; and its file goes."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import select

from services.intake.domain.case import Case
from services.intake.domain.imports.run import Import, ImportRow
from services.intake.domain.people import Beneficiary
from services.intake.domain.search import PersonSearchKey
from services.intake.use_cases.imports.carry_on import ROWS
from services.intake.use_cases.imports.steer_import import NAME_KEPT
from services.intake.use_cases.keep_file import sweep_files
from shared.language.events import CaseDrafted
from shared.language.roles import Role
from shared.plumbing.audit.tables import entries
from shared.plumbing.scope import EVERYTHING
from tests.audit.book import kept
from tests.contracts.problem import assert_problem, everything_written
from tests.edge.file_desk import form
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.imports.lists import HEAD, Administrator, as_csv, as_xlsx, national_id, people, person
from tests.intake.office import KHARJ, Office


async def count(desk: Desk, kind: Any) -> int:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        return (await session.exec(select(func.count()).select_from(kind))).one()


async def beneficiaries(desk: Desk) -> dict[str, Beneficiary]:
    async with desk.runtime.database.read(scope=EVERYTHING) as session:
        found = (await session.exec(select(Beneficiary))).all()
    return {one.national_id: one for one in found}


def sealed_files(files: Path) -> list[Path]:
    return [file for file in files.glob("2*/*") if file.name != "swept"]


@pytest.mark.parametrize("table", [as_csv(people(3)), as_xlsx(people(3))], ids=["csv", "xlsx"])
async def test_people_come_in_and_are_found(administrator: Administrator, table: bytes) -> None:
    sent = await administrator.upload(table)
    assert (sent["status"], sent["total"]) == ("uploaded", 3)
    assert [one["target"] for one in sent["columns"]] == ["national_id", "name", "mobile"]
    done = await administrator.take_in(sent)
    assert (done["status"], done["rows_done"], done["rows_new"]) == ("done", 3, 3)
    officer = Office(administrator.desk)
    found = await officer.get(f"/api/v1/people?q={national_id(2)}")
    assert [one["name"] for one in found["people"]] == ["مستفيد رقم 2"]
    assert await count(administrator.desk, Case) == 0


async def test_a_form_sends_a_list_as_well(administrator: Administrator) -> None:
    kind = "multipart/form-data; boundary=b0rder"
    answer = await administrator.send(form(as_csv(people(1)), name="قائمة 2026.csv"), kind=kind)
    assert answer.status_code == 201, answer.text
    assert answer.json()["file_name"] == "قائمة 2026.csv"


async def test_a_check_writes_nothing_but_its_report(administrator: Administrator) -> None:
    rows = [*people(2), ["123", "x", "7"]]
    sent = await administrator.upload(as_csv(rows))
    checked = await administrator.check(sent)
    assert (checked["status"], checked["rows_new"], checked["rows_refused"]) == ("checked", 2, 1)
    assert await count(administrator.desk, Beneficiary) == 0
    assert await count(administrator.desk, PersonSearchKey) == 0
    *right, wrong = await administrator.rows(sent)
    assert [(one["number"], one["outcome"], one["trial"]) for one in right] == [(2, "new", True), (3, "new", True)]
    assert (wrong["number"], [fault["column"] for fault in wrong["faults"]]) == (4, ["A", "B", "C"])
    assert [fault["heading"] for fault in wrong["faults"]] == list(HEAD)


async def test_the_report_is_a_table_that_names_row_column_and_what_to_do(administrator: Administrator) -> None:
    sent = await administrator.upload(as_csv([*people(1), ["123", "نورة الحربي", ""]]))
    await administrator.check(sent)
    head, row = await administrator.report(sent, "?outcome=refused")
    assert head == ("الصف", "النتيجة", "رقم الطلب", "العمود", "ما العمل")
    assert (row[0], row[1], row[3]) == (3, "لم يُقبل", "A «رقم الهوية»")
    assert "عشرة أرقام" in str(row[4])
    english = await administrator.report(sent, "?language=en", kind="csv")
    assert [row[1] for row in english] == ["Outcome", "new", "refused"]


async def test_rows_become_requests_by_the_same_door(administrator: Administrator) -> None:
    service = Office(administrator.desk).service
    asked = next(one for one in service.form if one.kind == "integer")
    head = (*HEAD, "الخدمة", "الفرع", "القناة", asked.name.ar)
    rows = [[*person(1), service.name.ar, "مكتب هدى الشام", "هاتف", "٤"], [*person(2), service.id, "", "", ""]]
    sent = await administrator.upload(as_csv(rows, head=head))
    done = await administrator.take_in(sent)
    assert (done["rows_new"], done["rows_refused"]) == (2, 0)
    cases = (await Office(administrator.desk).get("/api/v1/cases"))["items"]
    assert [(one["branch_id"], one["channel"], one["status"]) for one in cases] == [
        ("hada_sham", "phone", "draft"),
        ("jamoum", "letter", "draft"),
    ]
    assert [one["reference"] for one in await administrator.rows(sent)] == [one["reference"] for one in cases]
    assert len(await administrator.desk.told(CaseDrafted)) == 2


async def test_a_service_for_all_rows_is_chosen_once(administrator: Administrator) -> None:
    service = Office(administrator.desk).service
    sent = await administrator.upload(as_csv(people(2)))
    await administrator.columns(sent, service_id=service.id, branch_id="ayn_shams", channel="interview")
    await administrator.take_in(sent)
    cases = (await Office(administrator.desk).get("/api/v1/cases"))["items"]
    assert [(one["service_id"], one["branch_id"], one["channel"]) for one in cases] == [
        (service.id, "ayn_shams", "interview")
    ] * 2


async def test_a_column_that_is_not_known_is_chosen(administrator: Administrator) -> None:
    sent = await administrator.upload(as_csv(people(1), head=("س", "ص", "ع")))
    assert [one["target"] for one in sent["columns"]] == [None] * 3
    office = administrator.office
    answer = await administrator.desk.call("POST", f"/api/v1/imports/{sent['id']}/check", **administrator.who)
    assert_problem(answer, status=422, code="columns_lacking", field="columns")
    await administrator.columns(sent, columns={"national_id": 0, "name": 1})
    assert (await administrator.take_in(sent))["rows_new"] == 1
    assert office.pack.id == ASSOCIATION


@pytest.mark.parametrize(("known", "name"), [("leave", "نورة الحربي"), ("update", "مستفيد رقم 1")])
async def test_who_has_a_file_is_updated_or_left_and_the_report_says_it(
    administrator: Administrator, known: str, name: str
) -> None:
    applicant = {"national_id": national_id(1), "name": "نورة الحربي", "language": "en"}
    await Office(administrator.desk).begin(applicant=applicant)
    sent = await administrator.upload(as_csv(people(2)))
    await administrator.columns(sent, known=known)
    done = await administrator.take_in(sent)
    told = {"leave": "left", "update": "updated"}[known]
    assert (done["rows_new"], done[f"rows_{told}"]) == (1, 1)
    assert [one["outcome"] for one in await administrator.rows(sent)] == [told, "new"]
    person_ = (await beneficiaries(administrator.desk))[national_id(1)]
    assert (person_.name, person_.language) == (name, "en"), "a table without the language does not change it"


async def test_a_row_that_comes_twice_is_refused_the_second_time(administrator: Administrator) -> None:
    rows = [*people(ROWS + 5), person(1), person(ROWS + 5)]
    sent = await administrator.upload(as_csv(rows))
    done = await administrator.take_in(sent)
    assert (done["rows_new"], done["rows_refused"]) == (ROWS + 5, 2)
    refused = await administrator.rows(sent, "outcome=refused")
    assert ["2" in refused[0]["faults"][0]["en"], str(ROWS + 6) in refused[1]["faults"][0]["en"]] == [True, True]


async def test_the_same_list_sent_again_makes_no_second_request(administrator: Administrator) -> None:
    service = Office(administrator.desk).service
    for turn in (1, 2):
        sent = await administrator.upload(as_csv(people(3)))
        await administrator.columns(sent, service_id=service.id)
        checked = await administrator.check(sent)
        assert checked["rows_refused"] == (0 if turn == 1 else 3), "the check says it before"
        await administrator.tell(sent, "start")
        await administrator._settled(sent)
    assert await count(administrator.desk, Case) == 3
    assert [fault["column"] for row in await administrator.rows(sent) for fault in row["faults"]] == [None] * 3


async def test_nothing_starts_before_it_was_checked(administrator: Administrator) -> None:
    sent = await administrator.upload(as_csv(people(1)))
    answer = await administrator.desk.call("POST", f"/api/v1/imports/{sent['id']}/start", **administrator.who)
    assert_problem(answer, status=409, code="import_out_of_order")
    await administrator.check(sent)
    await administrator.columns(sent, known="update")
    answer = await administrator.desk.call("POST", f"/api/v1/imports/{sent['id']}/start", **administrator.who)
    assert_problem(answer, status=409, code="import_out_of_order"), "what was checked was another plan"


async def test_it_stops_and_goes_on(administrator: Administrator) -> None:
    desk, total = administrator.desk, 3 * ROWS + 7
    sent = await administrator.upload(as_csv(people(total)))
    await administrator.check(sent)
    await administrator.tell(sent, "start")
    await desk.worker.work_once()
    stopped = await administrator.tell(sent, "stop")
    assert (stopped["status"], stopped["rows_done"]) == ("stopped", ROWS)
    await administrator._settled(sent)
    assert (await administrator.now(sent))["rows_done"] == ROWS, "a page that was set before does nothing"
    seen = await administrator.rows(sent, "limit=200")
    assert [one["trial"] for one in seen] == [False] * ROWS + [True] * (total - ROWS)
    await administrator.tell(sent, "start")
    done = await administrator._settled(sent)
    assert (done["status"], done["rows_done"], done["rows_new"]) == ("done", total, total)
    assert await count(desk, Beneficiary) == total


async def test_it_is_given_up_and_what_was_taken_in_stays(administrator: Administrator, files: Path) -> None:
    desk = administrator.desk
    sent = await administrator.upload(as_csv(people(2 * ROWS)))
    await administrator.check(sent)
    await administrator.tell(sent, "start")
    await desk.worker.work_once()
    await administrator.tell(sent, "stop")
    await administrator.tell(sent, "discard")
    gone = await administrator._settled(sent)
    assert (gone["status"], gone["rows_done"]) == ("discarded", ROWS)
    assert await count(desk, Beneficiary) == ROWS
    assert sealed_files(files) == []


async def test_the_file_lies_sealed_is_not_swept_and_goes_with_the_end(
    administrator: Administrator, files: Path
) -> None:
    sent = await administrator.upload(as_csv(people(2)))
    (file,) = sealed_files(files)
    assert national_id(1).encode() not in file.read_bytes()
    assert await sweep_files(administrator.desk.runtime) == 0
    assert file.exists()
    await administrator.take_in(sent)
    assert sealed_files(files) == []
    async with administrator.desk.runtime.database.read(scope=EVERYTHING) as session:
        (row,) = (await session.exec(select(Import))).all()
    assert (row.place, row.key) == (None, None)


async def test_the_name_of_its_file_may_be_a_persons_and_is_forgotten(administrator: Administrator) -> None:
    desk, kind = administrator.desk, "multipart/form-data; boundary=b0rder"
    ended, given_up, waits = [
        (await administrator.send(form(as_csv(people(1)), name=f"{name}.csv"), kind=kind)).json()
        for name in ("نورة الحربي", "سعد الحربي", "قائمة")
    ]
    await administrator.take_in(ended)
    await administrator.tell(given_up, "discard")
    desk.clock.forward(NAME_KEPT - timedelta(minutes=1))
    await desk.settle()
    assert (await administrator.now(ended))["file_name"] == "نورة الحربي.csv", "whoever looks back knows which it was"
    desk.clock.forward(timedelta(minutes=1))
    await desk.settle()
    assert [(await administrator.now(one))["file_name"] for one in (ended, given_up, waits)] == [
        None,
        None,
        "قائمة.csv",
    ]
    assert len(await administrator.rows(ended)) == 1, "what became of its rows stays"


async def test_no_word_of_a_row_lies_in_the_report(administrator: Administrator) -> None:
    rows = [["12345", "سر دفين", "999"], *people(1)]
    sent = await administrator.upload(as_csv(rows))
    await administrator.check(sent)
    async with administrator.desk.runtime.database.read(scope=EVERYTHING) as session:
        found = (await session.exec(select(ImportRow))).all()
    kept_ = json.dumps([row.model_dump(mode="json") for row in found], ensure_ascii=False)
    assert [word for word in ("12345", "سر دفين", "999", national_id(1)) if word in kept_] == []


@pytest.mark.parametrize(
    ("table", "what"),
    [
        (b"", "malformed"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "table_unreadable"),
        (as_csv([]), "table_unreadable"),
        (as_xlsx(people(3))[:-200], "table_unreadable"),
        ('رقم الهوية,الاسم\n1000000008,"نورة\n'.encode(), "table_unreadable"),
        (as_csv([["1"] * 201], head=["x"] * 201), "table_unreadable"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "table_unreadable"),
    ],
    ids=["empty", "picture", "head alone", "cut workbook", "cut csv", "too wide", "old excel"],
)
async def test_what_is_no_whole_table_is_refused_and_nothing_stays(
    administrator: Administrator, files: Path, table: bytes, what: str
) -> None:
    before = everything_written(administrator.desk)
    answer = await administrator.send(table)
    assert answer.json()["code"] == what
    assert everything_written(administrator.desk) == before
    assert sealed_files(files) == []


async def test_a_cell_that_was_reckoned_is_what_it_came_to(administrator: Administrator) -> None:
    """openpyxl keeps no result beside a formula: the cell is empty, and no formula is carried out or taken in."""
    rows = [[national_id(1), '=CONCATENATE("نورة"," الحربي")', "0555000111"]]
    sent = await administrator.upload(as_xlsx(rows))
    await administrator.check(sent)
    (row,) = await administrator.rows(sent)
    assert (row["outcome"], row["faults"][0]["column"]) == ("refused", "B")


async def test_ids_that_excel_took_for_numbers_are_ids_again(administrator: Administrator) -> None:
    sent = await administrator.upload(as_xlsx([[int(national_id(1)), "نورة الحربي", 555000111]]))
    assert (await administrator.take_in(sent))["rows_new"] == 1
    assert (await beneficiaries(administrator.desk))[national_id(1)].mobile == "+966555000111"


async def test_each_row_stands_in_the_trail_of_whoever_started_it(administrator: Administrator) -> None:
    service = Office(administrator.desk).service
    head = (*HEAD, "الخدمة")
    sent = await administrator.upload(as_csv([[*person(1), service.id], [*person(2), ""]], head=head))
    await administrator.take_in(sent)
    database = administrator.desk.runtime.database
    noted = [
        (one.person_id, one.role, one.association_id)
        for act in ("import_request", "import_person")
        for one in await kept(database, entries.c.act == act)
    ]
    assert noted == [("association_administrator-1", "association_administrator", ASSOCIATION)] * 2
    (told,) = await administrator.desk.told(CaseDrafted)
    assert told.association_id == ASSOCIATION


async def test_another_associations_import_is_not_there(administrator: Administrator) -> None:
    sent = await administrator.upload(as_csv(people(1)))
    for path in ("", "/rows", "/rows.xlsx"):
        who = {"role": Role.ASSOCIATION_ADMINISTRATOR, "association": KHARJ}
        answer = await administrator.desk.call("GET", f"/api/v1/imports/{sent['id']}{path}", **who)
        assert_problem(answer, status=404, code="import_not_found")


async def test_imports_are_listed_a_page_at_a_time(administrator: Administrator) -> None:
    sent = [await administrator.upload(as_csv(people(1))) for _ in range(3)]
    first = await administrator.office.get("/api/v1/imports?limit=2")
    second = await administrator.office.get(f"/api/v1/imports?limit=2&after={first['next']}")
    assert [one["id"] for one in first["items"] + second["items"]] == [one["id"] for one in sent]
    assert second["next"] is None
