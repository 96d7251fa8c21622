"""A process may be killed between any two durable steps, in any service, and nothing is lost or doubled."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from shared.plumbing.stop_points import StopPoint
from tests.faults.run import Outcome
from tests.faults.stop_plans import GROUPS, NOT_REACHED, StopPlan, points_of, stops_at

pytestmark = pytest.mark.asyncio(loop_scope="session")

Runner = Callable[..., Coroutine[Any, Any, Outcome]]


@pytest.mark.parametrize("group", GROUPS)
async def test_a_stop_at_any_point_of_any_service_harms_nothing(run_on: Runner, tmp_path: Path, group: str) -> None:
    plan = StopPlan(stops_at(points_of(group)), tmp_path)
    outcome = await run_on(trouble=plan.trouble, stops=plan.stops, switches=plan.switches)
    assert plan.missed(outcome.reached) == []
    assert outcome.violations == []


async def test_every_point_belongs_to_a_group_that_is_tried_or_says_why_not() -> None:
    tried = {(stop.service, stop.point) for group in GROUPS for stop in stops_at(points_of(group))}
    left_out = {(service, point.value) for service, point in NOT_REACHED}
    assert {point for _, point in tried} == {point.value for point in StopPoint}
    assert len(tried) + len(left_out) == 4 * len(StopPoint)
