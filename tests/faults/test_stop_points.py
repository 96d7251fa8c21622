"""A process may be killed between any two durable steps, in any service, and nothing is lost or doubled."""

from pathlib import Path

import pytest

from shared.plumbing.stop_points import StopPoint
from tests.faults.conftest import Place
from tests.faults.stop_plans import GROUPS, NOT_REACHED, StopPlan, points_of, stops_at

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]


@pytest.mark.parametrize("groups", GROUPS, ids="+".join)
async def test_a_stop_at_any_point_of_any_service_harms_nothing(
    place: Place, tmp_path: Path, groups: tuple[str, ...]
) -> None:
    plan = StopPlan(stops_at(points_of(*groups)), tmp_path)
    outcome = await place.run(seed=1, trouble=plan.trouble, stops=plan.stops, switches=plan.switches)
    assert plan.missed(outcome.reached) == []
    assert outcome.violations == []


async def test_every_point_is_tried_in_every_service_or_says_why_not() -> None:
    tried = {(stop.service, stop.point) for groups in GROUPS for stop in stops_at(points_of(*groups))}
    left_out = {(service, point.value) for service, point in NOT_REACHED}
    assert {point for _, point in tried} == {point.value for point in StopPoint}
    assert len(tried) + len(left_out) == 4 * len(StopPoint)
