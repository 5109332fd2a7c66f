"""The demand model: every place's energy is the product of the factors that explain it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tenancy.scopes import operator_scope
from planning.demand.assumptions import ASSUMPTIONS, AssumptionError, with_changes
from planning.demand.needs import demand_from, home_need, stay_need, trip_need
from planning.demand.profiles import PROFILES
from planning.demand.selectors import demand_of
from planning.layers.facts import Spot, points_of_spots
from tests.factories.core import make_operator
from tests.factories.planning import make_demand_model, make_layer

WEIGHTS = st.lists(st.floats(0, 1e6), max_size=6)


@given(cars=WEIGHTS, visits=WEIGHTS, counts=WEIGHTS)
def test_energy_is_what_its_factors_say(
    cars: list[float], visits: list[float], counts: list[float]
) -> None:
    values = with_changes({})
    vehicles, places, traffic = (
        points_of_spots([Spot(13, 55, weight, f"{weight}") for weight in weights])
        for weights in (cars, visits, counts)
    )

    found = demand_from(
        [home_need(vehicles, values), stay_need(places, values), trip_need(traffic, values)]
    )

    assert len(found) == len(cars) + len(visits) + len(counts)
    for place in range(len(found)):
        need, factors = found.explain(place)
        assert math.isclose(math.prod(factors.values()), found.kwh[place])
        assert found.by_need[place, ("home", "stay", "trip").index(need)] == found.kwh[place]
    assert math.isclose(found.hours.sum() * 365, found.total_kwh, abs_tol=1e-6)


def test_a_rows_own_figures_count_before_the_assumptions() -> None:
    values = with_changes({"km_per_year": 10_000, "kwh_per_km": 0.2, "season": 1})
    points = points_of_spots([Spot(13, 55, 100, "", {"without_parking": 0.5}), Spot(13, 55, 100)])

    part = home_need(points, values)

    assert part.kwh.tolist() == pytest.approx([100 * 0.5 * 2000 * 0.6, 100 * 0.22 * 2000 * 0.6])


@pytest.mark.parametrize("changes", [{"nothing": 1}, {"season": 0.5}, {"ev_share": math.nan}])
def test_an_assumption_that_cannot_be_is_refused(changes: dict[str, float]) -> None:
    with pytest.raises(AssumptionError) as refused:
        with_changes(changes)

    assert refused.value.name == next(iter(changes))


def test_assumptions_and_profiles_are_consistent() -> None:
    assert all(one.least <= one.low <= one.default <= one.high <= one.most for one in ASSUMPTIONS)
    assert PROFILES.sum(axis=1).tolist() == pytest.approx([1, 1, 1])


def test_a_model_reads_its_layers(db: None) -> None:
    operator = make_operator()
    model = make_demand_model(make_layer(operator=operator), assumptions={"ev_share": 0.5})

    with operator_scope(operator):
        found = demand_of(model)

    assert found.labels == ("Malmö", "Helsingborg", "Lund")
    assert found.explain(0)[1]["ev_share"] == 0.5
    assert found.kwh[0] > found.kwh[1] > found.kwh[2] > 0
