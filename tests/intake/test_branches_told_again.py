"""The branch of each case is told once more, for whoever keeps contacts of before they had one."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.timers import BranchesToTell
from services.intake.use_cases import tell_branches
from shared.language.case_lifecycle import CaseStatus
from shared.language.events import CaseLocated
from shared.language.roles import Role
from shared.plumbing import outbox
from shared.plumbing.scope import EVERYTHING
from shared.plumbing.timers import set_timer
from tests.harness.desk import Desk
from tests.intake.office import Office, hear_itself
from tests.intake.rows import multiply


async def begin_to_tell(desk: Desk) -> None:
    """As the migration does it."""
    async with desk.runtime.database.write(scope=EVERYTHING) as session:
        await set_timer(session, BranchesToTell(), due_at=desk.clock.now(), now=desk.clock.now())


async def located(desk: Desk) -> list[tuple[str, str]]:
    told = await desk.told(CaseLocated)
    return [(one.case_id, one.branch_id) for one in told if isinstance(one, CaseLocated)]


@pytest.fixture
async def near(office: Office) -> Office:
    """A branch with 251 cases that were handed in: three pages; and another with one, and one draft."""
    near = Office(office.desk, role=Role.DELEGATE, branch="hada_sham")
    await near.walk(to=CaseStatus.RECEIVED)
    multiply(
        office.desk,
        "cases",
        times=250,
        id="substr(one.id, 1, 20) || printf('%016d', n)",
        reference="printf('JMM-2025-%06d', n)",
    )
    far = Office(office.desk, role=Role.DELEGATE, branch="ayn_shams")
    await far.walk(to=CaseStatus.RECEIVED)
    await near.begin()
    return near


async def test_each_case_that_was_handed_in_is_told_once_with_its_branch(near: Office) -> None:
    await begin_to_tell(near.desk)
    await near.desk.settle()
    told = await located(near.desk)
    assert len(told) == len(dict(told)) == 252
    assert sorted({branch for _, branch in told}) == ["ayn_shams", "hada_sham"]


async def test_a_page_that_stops_half_way_is_told_again_whole_and_no_case_twice(
    near: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin_to_tell(near.desk)
    tell, told = outbox.tell, []

    async def stops(session: Any, event: Any, *, at: Any) -> None:
        told.append(event)
        if len(told) == 150:
            raise RuntimeError("the process stops here")
        await tell(session, event, at=at)

    monkeypatch.setattr(tell_branches.outbox, "tell", stops)
    await near.desk.settle()
    assert len(await located(near.desk)) == len(dict(await located(near.desk))) == 252


async def test_it_is_no_fact_of_the_cases_file(office: Office) -> None:
    case = await office.walk(to=CaseStatus.RECEIVED)
    await begin_to_tell(office.desk)
    await office.desk.settle()
    assert len(await located(office.desk)) == 1
    office.desk.clock.forward(timedelta(minutes=1))
    await hear_itself(office.desk)
    assert await office.desk.dead() == []
    timeline = await office.get(f"/api/v1/cases/{case['id']}/timeline")
    assert "case.located" not in {entry["event"] for entry in timeline}
