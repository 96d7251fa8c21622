"""The auditor reads the trail of his own association, a page at a time, and stands in it himself."""

from typing import Any

import pytest

from shared.language.roles import Role
from tests.audit.book import kept
from tests.contracts.problem import assert_problem
from tests.harness.desk import Desk
from tests.intake.office import KHARJ, Office

AUDIT = "/api/v1/audit"


async def read(desk: Desk, query: str = "", **who: Any) -> dict[str, Any]:
    answer = await desk.call("GET", f"{AUDIT}?{query}", role=Role.AUDITOR, **who)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_he_reads_who_did_and_who_looked_at_a_case(office: Office) -> None:
    case = await office.begin()
    await office.get(f"/api/v1/cases/{case['id']}", role=Role.DELEGATE, branch="jamoum", person="d-1")
    page = await read(office.desk, f"case_id={case['id']}")
    assert [(one["kind"], one["act"], one["person_id"]) for one in page["items"]] == [
        ("did", "post_case", "intake_officer-1"),
        ("looked", "show_case", "d-1"),
    ]
    assert page["next"] is None


async def test_he_reads_a_page_at_a_time(office: Office) -> None:
    for _ in range(3):
        await office.begin()
    first = await read(office.desk, "person_id=intake_officer-1&limit=2")
    rest = await read(office.desk, f"person_id=intake_officer-1&limit=2&after={first['next']}")
    assert [len(first["items"]), len(rest["items"])] == [2, 1]
    assert rest["next"] is None


async def test_he_reads_of_his_own_association_alone(office: Office, kharj: Office) -> None:
    case = await office.begin()
    await kharj.begin()
    page = await read(office.desk, f"case_id={case['id']}", association=KHARJ)
    assert page["items"] == []
    everything = await read(office.desk, "limit=200", association=KHARJ)
    assert {one["association_id"] for one in everything["items"]} == {KHARJ}


async def test_his_reading_is_kept_too(office: Office) -> None:
    await read(office.desk, person="a-9")
    (look,) = await kept(office.desk.runtime.database)
    assert (look.kind, look.act, look.person_id) == ("looked", "read_trail", "a-9")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
async def test_nobody_else_reads_it(intake: Desk, role: Role) -> None:
    assert_problem(await intake.call("GET", AUDIT, role=role, branch="jamoum"), status=403, code="not_allowed")


async def test_a_damaged_entry_hides_no_page(office: Office) -> None:
    await office.begin()
    from tests.audit.book import Intruder, file_of

    intruder = Intruder(file_of(office.desk.runtime.database))
    intruder.do("UPDATE audit_entries SET kind = 'king', at = 'never', reason = 'made up'")
    intruder.close()
    (one, *_) = (await read(office.desk))["items"]
    assert (one["kind"], one["at"]) == ("king", "never")
    assert one["reason"].startswith("unreadable")
