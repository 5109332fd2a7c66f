"""The S-curve and its interval, the calibration against own sites, the sensitivity."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.demand import measured
from planning.demand.assumptions import with_changes
from planning.demand.calibrating import Sold, calibrated
from planning.demand.growth import Curve, GrowthError, fitted
from planning.demand.measured import curve_of
from planning.demand.models import DemandModel
from planning.demand.needs import demand_from, home_need
from planning.demand.sensitivity import sways
from planning.layers.facts import Spot, points_of_spots

YEARS = list(range(2014, 2026))


def curve(year: float, most: float, rate: float, middle: float) -> float:
    return most / (1 + math.exp(-rate * (year - middle)))


@given(most=st.floats(100, 1e6), rate=st.floats(0.25, 0.8), middle=st.floats(2019, 2026))
def test_a_curve_without_noise_is_found_again(most: float, rate: float, middle: float) -> None:
    found = fitted(YEARS, [curve(year, most, rate, middle) for year in YEARS], most)

    assert found.rate == pytest.approx(rate, rel=1e-3)
    assert found.at(2030) == pytest.approx(curve(2030, most, rate, middle), rel=1e-3)


def test_the_interval_holds_what_comes_and_grows_with_the_years_ahead() -> None:
    noisy = [curve(year, 1000, 0.5, 2022) * (1 + 0.05 * (-1) ** year) for year in YEARS]

    found = fitted(YEARS, noisy)
    low, high = found.between(2027)
    near, far = (found.between(year) for year in (2024, 2032))

    assert low < curve(2027, 1000, 0.5, 2022) < high
    assert far[1] - far[0] > near[1] - near[0]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([1.0, 2.0, 3.0], "too_few_years"),
        ([4.0, 3, 2, 1], "no_growth"),
        ([1.0, -1, 2, 3], "negative"),
    ],
)
def test_what_has_no_curve_is_refused(values: list[float], code: str) -> None:
    with pytest.raises(GrowthError) as refused:
        fitted(YEARS[: len(values)], values)

    assert refused.value.code == code


def test_demand_ahead_is_read_from_one_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    fits: list[Sequence[Sequence[float]]] = []

    def counted(history: Sequence[Sequence[float]]) -> Curve:
        fits.append(history)
        return curve_of(history)

    monkeypatch.setattr(measured, "curve_of", counted)
    history = [[year, curve(year, 1000, 0.5, 2022)] for year in YEARS]

    ahead = measured.growth_ahead(DemandModel(target_year=2026, history=history))

    assert (len(fits), len(ahead), ahead[0]) == (1, 40, 1)
    assert ahead[4] == pytest.approx(
        curve(2030, 1000, 0.5, 2022) / curve(2026, 1000, 0.5, 2022), rel=1e-3
    )


def test_the_factor_is_what_sites_sold_of_what_the_model_says() -> None:
    values = with_changes({})
    spots = [Spot(13 + at, 56, 100) for at in range(4)]
    demand = demand_from([home_need(points_of_spots(spots), values)])
    each = demand.total_kwh / 4 * 0.5
    sold = [Sold("", 13.01 + at, 56, each * ratio) for at, ratio in enumerate((0.8, 1.0, 1.2))]

    found = calibrated(demand, sold, 0.5)

    assert found.factor == pytest.approx(1.0)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 1 < found.high
    assert calibrated(demand, sold[:2], 0.5).factor is None


def test_each_assumption_alone_moves_the_sum_as_the_model_would() -> None:
    spots = [Spot(13, 56, 100), Spot(13, 56, 100, "", {"without_parking": 0.5})]
    parts = [home_need(points_of_spots(spots), with_changes({}))]

    found = {one.name: one for one in sways(parts, with_changes({}))}

    for name, sway in found.items():
        for value, kwh in ((sway.low, sway.low_kwh), (sway.high, sway.high_kwh)):
            again = home_need(points_of_spots(spots), with_changes({name: value}))
            assert float(again.kwh.sum()) == pytest.approx(kwh)
    assert "plugs_in" not in found
