"""Rows that are not taken: the report says what its reader may know, and where to go on."""

from shared.language.roles import Role
from shared.policy.adopted import pack_of
from tests.harness.desk import ASSOCIATION
from tests.intake.imports.lists import HEAD, Administrator, as_csv, national_id, person
from tests.intake.office import Office


async def test_the_report_says_the_same_of_a_confidential_request_as_of_one_in_another_branch(
    administrator: Administrator,
) -> None:
    office = Office(administrator.desk)
    manager = {"role": Role.BRANCH_MANAGER, "branch": "hada_sham"}
    hidden, elsewhere = [
        await office.begin(applicant={"national_id": national_id(n), "name": f"منيرة {n}"}, branch_id="hada_sham")
        for n in (0, 1)
    ]
    await office.step(hidden, "confidence", {"named": ["named"], "reason": "لحساسية الحالة"}, **manager)
    sent = await administrator.upload(as_csv([person(0), person(1)]))
    await administrator.columns(sent, service_id=office.service.id)
    assert (await administrator.check(sent))["rows_refused"] == 2
    await administrator.tell(sent, "start")
    await administrator._settled(sent)
    one, other = await administrator.rows(sent)
    assert one["faults"] == other["faults"]
    assert one | {"number": 0} == other | {"number": 0}
    for told in (hidden["reference"], elsewhere["reference"], hidden["id"], "•••"):
        assert told not in str([one, other])
    auditor = {"role": Role.AUDITOR, "person": "named"}
    trail = await office.get(f"/api/v1/audit?case_id={hidden['id']}", **auditor)
    assert "import_row_waits" in {entry["act"] for entry in trail["items"]}, "who is named on it reads what is true"


async def test_a_row_for_a_closed_branch_is_refused_with_the_name_of_the_one_that_has_its_files(
    administrator: Administrator,
) -> None:
    pack = pack_of(ASSOCIATION)
    closing = {"to_branch": "ayn_shams", "reason": "دُمج الفرعان"}
    await administrator.office.post("/api/v1/branches/hada_sham/closing", closing)
    sent = await administrator.upload(as_csv([[*person(1), "مكتب هدى الشام"]], head=(*HEAD, "الفرع")))
    assert (await administrator.check(sent))["rows_refused"] == 1
    ((fault,),) = [row["faults"] for row in await administrator.rows(sent)]
    successor = pack.branch("ayn_shams")
    assert successor is not None
    assert (successor.name.ar in fault["ar"], successor.name.en in fault["en"]) == (True, True)
