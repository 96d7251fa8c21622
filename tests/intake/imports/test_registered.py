"""A list is many registrations: each row is one, by the registry's own rules and without a search beforehand."""

from typing import Any

import pytest
from sqlmodel import select

from services.intake.domain.people import Beneficiary
from services.intake.domain.register.particulars import Registration
from shared.language.events import PersonRegistered
from shared.language.roles import Role
from shared.plumbing.scope import EVERYTHING
from tests.intake.imports.lists import HEAD, Administrator, as_csv, national_id, people, person
from tests.intake.office import Office


async def registrations(administrator: Administrator) -> list[Registration]:
    async with administrator.desk.runtime.database.read(scope=EVERYTHING) as session:
        return list((await session.exec(select(Registration).order_by(Registration.id))).all())


async def duplicates(administrator: Administrator) -> list[dict[str, Any]]:
    page = await Office(administrator.desk, role=Role.BRANCH_MANAGER, branch="jamoum").get("/api/v1/duplicates")
    items: list[dict[str, Any]] = page["items"]
    return items


async def test_each_row_is_registered_at_its_branch_and_kept_as_it_was_typed(administrator: Administrator) -> None:
    head = (*HEAD, "الفرع", "الخدمة")
    service = Office(administrator.desk).service
    rows = [[*person(1), "مكتب هدى الشام", ""], [*person(2), "", service.id]]
    done = await administrator.take_in(await administrator.upload(as_csv(rows, head=head)))
    assert done["rows_new"] == 2
    kept = await registrations(administrator)
    assert [(one.at_branch, one.registered_by) for one in kept] == [
        ("hada_sham", "association_administrator-1"),
        ("jamoum", "association_administrator-1"),
    ]
    assert [national_id(n) in one.typed for n, one in enumerate(kept, start=1)] == [True, True]
    told = await administrator.desk.told(PersonRegistered)
    assert [(one.new, one.in_list) for one in told] == [(True, True), (True, False)]


async def test_who_is_left_as_he_is_keeps_his_gaps_and_what_differs_is_known(administrator: Administrator) -> None:
    applicant = {"national_id": national_id(1), "name": "نورة الحربي"}
    await Office(administrator.desk).begin(applicant=applicant)
    sent = await administrator.upload(as_csv(people(1)))
    await administrator.columns(sent, known="leave")
    await administrator.take_in(sent)
    (kept,) = await registrations(administrator)
    assert kept.differs == ["name"]
    async with administrator.desk.runtime.database.read(scope=EVERYTHING) as session:
        (file,) = (await session.exec(select(Beneficiary))).all()
    assert (file.name, file.mobile) == ("نورة الحربي", None)


@pytest.mark.parametrize("asks", [False, True], ids=["of people", "of requests"])
async def test_a_list_touches_no_file_of_which_its_sender_may_see_no_case_and_says_so_to_nobody(
    administrator: Administrator,
    asks: bool,  # noqa: FBT001
) -> None:
    office = Office(administrator.desk)
    manager = {"role": Role.BRANCH_MANAGER, "branch": office.pack.head_office.id}
    for nth in (1, 2):
        case = await office.begin(applicant={"national_id": national_id(nth), "name": "نورة الحربي"})
    hidden = (await office.get(f"/api/v1/cases/{case['id']}/applicant"))["subject_id"]
    closing = {"named": [], "reason": "لحساسية الحالة"}
    await office.step(case, "confidence", closing, **manager)
    sent = await administrator.upload(as_csv(people(2)))
    await administrator.columns(sent, known="update", service_id=office.pack.services[1].id if asks else None)
    checked = await administrator.check(sent)
    foreseen = await administrator.rows(sent)
    await administrator.tell(sent, "start")
    done = await administrator._settled(sent)
    assert (checked["rows_updated"], done["rows_updated"]) == (2, 2)
    open_row, closed_row = await administrator.rows(sent)
    assert closed_row | {"number": 2, "reference": None} == open_row | {"reference": None}
    assert [row["outcome"] for row in foreseen] == ["updated", "updated"]
    async with administrator.desk.runtime.database.read(scope=EVERYTHING) as session:
        files = {one.national_id: one for one in (await session.exec(select(Beneficiary))).all()}
    assert (files[national_id(1)].name, files[national_id(1)].mobile is None) == ("مستفيد رقم 1", False)
    assert (files[national_id(2)].name, files[national_id(2)].mobile) == ("نورة الحربي", None)
    # Nothing of the row is lost: it stands beside the file, for those who are named.
    (said,) = (await office.get(f"/api/v1/people/{hidden}/registrations", **manager))["items"]
    assert (said["said"]["name"], said["differs"]) == ("مستفيد رقم 2", ["mobile", "name"])


async def test_two_rows_that_may_be_one_person_are_proposed(administrator: Administrator) -> None:
    same = ["نورة سعد مثال الحربي", "0555000111"]
    rows = [[national_id(1), *same], [national_id(7000), *same]]
    await administrator.take_in(await administrator.upload(as_csv(rows)))
    assert await duplicates(administrator) == []
    # Intake hears what it tells itself, a while after.
    await administrator.desk.hear(*await administrator.desk.told(PersonRegistered))
    (proposed,) = await duplicates(administrator)
    assert {"name", "mobile"} <= set(proposed["signs"])
