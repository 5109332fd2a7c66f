"""Charging and idle stretches: states that share an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from stations.sessions.context import StatusPoint
from stations.sessions.intervals import Interval, split_time

_START = datetime(2026, 11, 23, 14, 51, 14, tzinfo=UTC)
_PAUSE = _START + timedelta(minutes=15)
_STOP = _START + timedelta(minutes=20)


@pytest.mark.parametrize("order", list(permutations(("EVConnected", "Charging"))))
def test_a_car_that_charges_at_once_charges(order: tuple[str, ...]) -> None:
    states = [StatusPoint(at=_START, status=state) for state in order]

    assert split_time(_START, _STOP, states, ()) == (
        Interval("charging", "reported", _START, _STOP),
    )


@pytest.mark.parametrize("order", list(permutations(("Charging", "SuspendedEV"))))
def test_a_pause_that_begins_with_the_last_charging_is_a_pause(order: tuple[str, ...]) -> None:
    states = [
        StatusPoint(at=_START, status="Charging"),
        *(StatusPoint(at=_PAUSE, status=state) for state in order),
    ]

    assert split_time(_START, _STOP, states, ()) == (
        Interval("charging", "reported", _START, _PAUSE),
        Interval("idle", "vehicle", _PAUSE, _STOP),
    )
