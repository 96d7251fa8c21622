"""Runs drawn from fixed seeds, the same for everyone; `make faults` draws others, and many."""

import pytest

from tests.faults.conftest import Place
from tests.faults.dice import draw

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]


@pytest.mark.parametrize("seed", [11, 12])
async def test_nothing_is_lost_or_doubled_whatever_befalls_the_services(place: Place, seed: int) -> None:
    outcome = await place.run(seed=seed)
    assert outcome.violations == []
    assert outcome.cases == 3


async def test_a_seed_draws_the_same_faults_each_time(sqlite_place: Place) -> None:
    first, again, other = (draw(seed, more=sqlite_place.own_troubles) for seed in (5, 5, 6))
    assert (first.faults, first.stops, first.fates) == (again.faults, again.stops, again.fates)
    assert (first.faults, first.stops, first.fates) != (other.faults, other.stops, other.fates)
