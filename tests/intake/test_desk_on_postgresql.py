"""Contacts, papers on file, threads and the library on PostgreSQL: behind row policies, with the same answers."""

from pathlib import Path

import pytest

from services.intake.main import INTAKE
from shared.language.case_lifecycle import CaseStatus
from shared.language.roles import Role
from tests.access.walls import make_walled
from tests.harness.containers import PostgresServer, postgres_server
from tests.harness.desk import open_desk
from tests.intake.library import FOUND, RESEARCHER, found_in_all
from tests.intake.office import Office
from tests.intake.test_checklist import REQUIRED, agreed, on_file
from tests.intake.test_clarifications import asked
from tests.intake.test_contacts import CONTACTS, convert, reach
from tests.intake.test_letter_register import numbers
from tests.intake.test_threads import FURTHER, waiting

__all__ = ["postgres_server"]

pytestmark = pytest.mark.containers


async def test_the_desk_works_behind_row_policies_as_it_does_without(
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = await make_walled(postgres_server, INTAKE)
    async with open_desk(INTAKE, tmp_path, monkeypatch, database_url=url, migrated=True) as desk:
        office = Office(desk)
        assert await found_in_all(office) == {asked: sorted(found) for asked, found in FOUND.items()}
        near = Office(desk, role=Role.DELEGATE, branch="hada_sham")
        contact = await reach(near, "letter")
        case = await convert(near, contact)
        assert (await near.get(f"{CONTACTS}/{contact['id']}"))["case_id"] == case["id"]
        assert await numbers(near) == [1]
        assert await numbers(near, role=Role.DELEGATE, branch="ayn_shams") == []
        await near.walk(to=CaseStatus.COMPLETE, case=case)
        second = await near.walk(to=CaseStatus.INCOMPLETE)
        there = await on_file(near, second)
        assert set(there) == set(REQUIRED)
        done = await near.step(second, "completion", {"on_file": [agreed(one) for one in there.values()]})
        assert done["status"] == "complete"
        number = await asked(near, second)
        await near.step(second, f"clarifications/{number}/questions", FURTHER)
        assert await waiting(near, **RESEARCHER) == [number]
