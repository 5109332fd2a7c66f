"""Sizes of sites: the published table, a simulation, the grid, growth, the spare."""

from __future__ import annotations

import heapq
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.capacity import Diversity, Service, best_size, by_year, met, size_site
from planning.sizing import SizingError, endless_queue, finite_queue

PLAIN = Service(session_kwh=28, taper=1, overhead_h=0, peak=1, spare_from=0)
"""At 60 kW a stay of 28 minutes, as in the table."""


def simulated(arrivals: float, stay: float, evses: int, places: int | None) -> tuple[float, float]:
    """The share who wait longer than 5 minutes of those who stay, and the share who drive on."""
    chance = random.Random(1)
    now, late, served, away = 0.0, 0, 0, 0
    free = [0.0] * evses
    starts: list[float] = []
    for _ in range(60_000):
        now += chance.expovariate(arrivals)
        while starts and starts[0] <= now:
            heapq.heappop(starts)
        if places is not None and free[0] > now and len(starts) >= places:
            away += 1
            continue
        begin = max(now, free[0])
        heapq.heapreplace(free, begin + chance.expovariate(1 / stay))
        if begin > now:
            heapq.heappush(starts, begin)
        served += 1
        late += begin - now > 5 / 60
    return late / served, away / (served + away)


@pytest.mark.parametrize(
    ("cars", "evses"),
    [(2, 3), (4, 4), (6, 6), (10, 8), (15, 11), (20, 14), (30, 19), (40, 24)],
)
def test_one_busy_hour_agrees_with_the_table(cars: int, evses: int) -> None:
    found = size_site([cars * 28.0], PLAIN, 60)

    assert (found.evses, found.limited_by) == (evses, "waiting")


def test_waits_agree_with_a_simulation() -> None:
    late, away = simulated(6, 0.5, 4, None)
    short, turned = simulated(9, 0.5, 4, 2)

    assert endless_queue(6, 0.5, 4).waits_longer(5 / 60) == pytest.approx(late, abs=0.02)
    assert away == 0
    finite = finite_queue(9, 0.5, 4, 2)
    assert finite.turned_away == pytest.approx(turned, abs=0.01)
    found = met([9.0], Service(session_kwh=30, taper=1, overhead_h=0, places=2), 4, 60)
    assert found.waits_longer / (1 - found.away) == pytest.approx(short, abs=0.05)


def test_the_grid_limits_and_lower_power_may_help() -> None:
    """300 kW carry two EVSEs of 150 kW, and four of 75 kW (2 whole, 2 at 60 %: 240 kW)."""
    wanted = [10 * 28.0]

    high = size_site(wanted, PLAIN, 150, grid_limit_kw=300)
    best = best_size([6 * 28.0], PLAIN, (150, 75), grid_limit_kw=400)

    assert (high.evses, high.limited_by) == (2, "grid")
    assert high.met.waits_longer > PLAIN.share
    assert best.power_kw == 150
    with pytest.raises(SizingError, match="100 kW, less than one EVSE of 150"):
        size_site(wanted, PLAIN, 150, grid_limit_kw=100)


def test_a_rule_of_load_management_can_take_the_place_of_diversity() -> None:
    class Managed:
        def grid_kw(self, evses: int, power_kw: float) -> float:
            return 100.0

    found = size_site([10 * 28.0], PLAIN, 60, grid_limit_kw=100, rule=Managed())

    assert (found.evses, found.grid_kw) == (8, 100)


def test_demand_grows_and_a_spare_comes_from_four_on() -> None:
    service = Service(session_kwh=28, taper=1, overhead_h=0, peak=1, spare_from=4)

    found = by_year([2 * 28.0], service, 60, [1, 2, 4, 8])

    assert [(one.evses, one.spare) for one in found] == [(3, 0), (4, 1), (7, 1), (11, 1)]
    assert Diversity().grid_kw(4, 100) == 320


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 800), min_size=24, max_size=24), st.floats(20, 350))
def test_more_demand_never_needs_fewer(hours: list[float], power: float) -> None:
    less = size_site(hours, Service(), power)
    more = size_site([2 * kwh for kwh in hours], Service(), power)

    assert more.evses >= less.evses
    assert less.met.waits_longer <= Service().share
