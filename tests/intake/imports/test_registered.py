"""A list is many registrations: each row is one, by the registry's own rules and without a search beforehand."""

from typing import Any

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


async def test_two_rows_that_may_be_one_person_are_proposed(administrator: Administrator) -> None:
    same = ["نورة سعد مثال الحربي", "0555000111"]
    rows = [[national_id(1), *same], [national_id(7000), *same]]
    await administrator.take_in(await administrator.upload(as_csv(rows)))
    assert await duplicates(administrator) == []
    # Intake hears what it tells itself, a while after.
    await administrator.desk.hear(*await administrator.desk.told(PersonRegistered))
    (proposed,) = await duplicates(administrator)
    assert {"name", "mobile"} <= set(proposed["signs"])
