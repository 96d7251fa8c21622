"""What becomes of each table that names a branch when that branch closes: all its files move in one act.

A new table or column that names one fails here until somebody has said what a closing does with it.
"""

from datetime import timedelta
from enum import StrEnum

import pytest

from services.intake.domain.imports.run import Import
from services.intake.main import INTAKE
from shared.language.case_lifecycle import CaseStatus
from shared.language.clauses import Channel
from shared.language.roles import Role
from shared.plumbing import tables
from shared.plumbing.scope import EVERYTHING
from tests.harness.desk import ASSOCIATION, Desk
from tests.intake.office import Office, hear_itself
from tests.intake.register.desk import look_for, number
from tests.intake.rows import count
from tests.intake.seated import seat
from tests.intake.test_contacts import convert, reach
from tests.intake.test_deliveries import part
from tests.intake.test_letter_register import letter
from tests.intake.test_proposals import look, with_paper

NEAR = {"role": Role.DELEGATE, "branch": "hada_sham"}
ADMIN = {"role": Role.ASSOCIATION_ADMINISTRATOR, "branch": None}
WHY = {"reason": "سبب"}


class Fate(StrEnum):
    """What a closing does with the rows that name the branch."""

    MOVES = "they name the other branch"
    STAYS = "they say where something was, and stay true"
    ENDS = "what waits for an answer is over"
    TELLS = "they are the closing itself"


SAID: dict[tuple[str, str], Fate] = {
    ("cases", "branch_id"): Fate.MOVES,
    ("confidential_cases", "branch_id"): Fate.MOVES,
    ("delivery_plans", "branch_id"): Fate.MOVES,
    ("first_contacts", "branch_id"): Fate.MOVES,
    ("letters", "branch_id"): Fate.MOVES,
    ("person_branches", "branch"): Fate.MOVES,
    ("proposals", "branch_id"): Fate.MOVES,
    ("repeated_requests", "branch_id"): Fate.MOVES,
    ("transfers", "from_branch"): Fate.ENDS,
    ("transfers", "to_branch"): Fate.ENDS,
    ("branch_closings", "branch"): Fate.TELLS,
    ("branch_closings", "to_branch"): Fate.TELLS,
    ("audit_entries", "branch_id"): Fate.STAYS,
    ("given_benefits", "branch"): Fate.STAYS,
    # Each row of a list that is meant for a closed branch is refused, and says where its files are.
    ("imports", "default_branch"): Fate.STAYS,
    ("registrations", "at_branch"): Fate.STAYS,
    # Who works where from now on is for the administrator to say; a seat at a closed branch opens no file.
    ("seats", "branch_id"): Fate.STAYS,
    ("timeline_entries", "branch_id"): Fate.STAYS,
}


def test_somebody_has_said_what_a_closing_does_with_each_table_that_names_a_branch() -> None:
    found = {
        (table.name, column.name)
        for metadata in (INTAKE.tables, tables.metadata)
        for table in metadata.tables.values()
        for column in table.columns
        if "branch" in column.name
    }
    assert found == set(SAID)


def of(nth: int) -> dict[str, str]:
    return {"national_id": number(nth), "name": f"نورة الحربي {'ابجده'[nth - 1]}", "mobile": f"05550002{nth:02}"}


async def furnish(office: Office) -> None:
    """A row at least of every kind that names the branch."""
    near, manager = Office(office.desk, **NEAR), {"role": Role.BRANCH_MANAGER}
    served = await near.walk(to=CaseStatus.REGISTERED)
    await near.step(served, "delivery-plans", {"planned_for": "2027-01-20", "place": "الفرع", "what": "حقيبة"})
    await near.step(served, "parts", part(near))
    await near.begin(despite="ضاعت الحقيبة الأولى")
    hidden = await near.begin(applicant=of(1))
    await near.step(hidden, "confidence", {"named": [], "reason": "عنف"}, **manager)
    await with_paper(near, days=20, applicant=of(2))
    assert await look(near, **manager)
    await reach(near)
    await convert(near, await reach(near, "letter"))
    await near.post("/api/v1/letters", letter())
    proof = (await look_for(near, number(3), **NEAR))["search"]
    await near.post("/api/v1/people", of(3) | {"search": proof})
    far = Office(office.desk, role=Role.DELEGATE, branch="ayn_shams")
    await near.step(served, "transfers", WHY | {"to_branch": "ayn_shams"})
    await far.step(await far.begin(applicant=of(4)), "transfers", WHY | {"to_branch": "hada_sham"})
    await seat(office.desk, "huda")
    sent = {"file_name": "list.csv", "heads": "[]", "channel": Channel.PHONE, "first_at": 0, "next_at": 0, "total": 1}
    async with office.desk.runtime.database.write(scope=EVERYTHING) as session:
        at = office.desk.clock.now()
        where = {"association_id": ASSOCIATION, "default_branch": "hada_sham"}
        session.add(Import(**sent, **where, uploaded_by="a", uploaded_at=at))
    await hear_itself(office.desk)


async def naming(desk: Desk, table: str, column: str, *, also: str = "") -> int:
    return await count(desk, f"SELECT count(*) FROM {table} WHERE {column} = 'hada_sham' {also}")  # noqa: S608


async def test_a_closing_does_with_each_table_what_is_said(office: Office) -> None:
    """`step.reception`: nothing that a family brought is left with a desk that is shut."""
    await furnish(office)
    made = {where: fate for where, fate in SAID.items() if fate is not Fate.TELLS}
    before = {where: await naming(office.desk, *where) for where in made}
    assert [where for where, rows in before.items() if not rows] == []
    await office.post("/api/v1/branches/hada_sham/closing", WHY | {"to_branch": "jamoum"}, **ADMIN)
    await office.desk.settle()
    office.desk.clock.forward(timedelta(minutes=11))
    await office.desk.settle()
    assert await office.desk.dead() == []
    for where, fate in made.items():
        match fate:
            case Fate.MOVES:
                assert await naming(office.desk, *where) == 0, where
            case Fate.STAYS:
                assert await naming(office.desk, *where) == before[where], where
            case Fate.ENDS:
                assert await naming(office.desk, *where, also="AND answered_at IS NULL") == 0, where
            case _:
                pytest.fail(f"nobody looks at {where}")
