"""Batteries take what they can, less when they are nearly full, and never more than room."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.simulator.battery import CARS, DC_TAPER, Battery, Car, arriving_battery, taper

CAR = Car(capacity_wh=60_000, ac_power_w=11_000, phases=3, dc_power_w=100_000)


def test_power_tapers_towards_full() -> None:
    powers = [Battery(CAR, soc, 100).power_w(150_000, dc=True) for soc in (20, 60, 80, 95)]

    assert powers == sorted(powers, reverse=True)
    assert powers[0] > 5 * powers[-1]


def test_the_station_limits_the_car_and_the_car_the_station() -> None:
    battery = Battery(CAR, 30, 80)

    assert battery.power_w(6_000, dc=False) == 6_000
    assert battery.power_w(22_000, dc=False) == 11_000
    assert battery.power_w(0, dc=False) == 0


def test_charging_ends_exactly_at_the_target() -> None:
    battery = Battery(CAR, 79.0, 80.0)

    energy_wh, _power_w = battery.advance(3600, 50_000, dc=True)

    assert energy_wh == pytest.approx(600)
    assert battery.is_full
    assert battery.advance(3600, 50_000, dc=True) == (0.0, 0.0)


@given(st.integers(), st.booleans(), st.floats(0, 350_000), st.floats(1, 7200))
def test_energy_is_bounded_by_power_time_and_room(
    seed: int, dc: bool, limit_w: float, seconds: float
) -> None:
    battery = arriving_battery(random.Random(seed), dc=dc)
    room_wh = (battery.target_percent - battery.soc_percent) / 100 * battery.car.capacity_wh

    energy_wh, power_w = battery.advance(seconds, limit_w, dc=dc)

    assert 0 <= energy_wh <= min(room_wh, limit_w * seconds / 3600) + 1e-6
    assert power_w <= limit_w
    assert battery.soc_percent <= battery.target_percent


@given(st.floats(-10, 110))
def test_taper_stays_between_its_points(soc: float) -> None:
    assert 0 < taper(DC_TAPER, soc) <= 1


def test_a_car_without_fast_charging_never_comes_to_a_fast_station() -> None:
    rng = random.Random(1)

    assert any(not car.dc_power_w for car in CARS)
    assert all(arriving_battery(rng, dc=True).car.dc_power_w for _ in range(200))
