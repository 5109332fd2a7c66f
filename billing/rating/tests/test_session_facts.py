"""Facts of a stored session: curve, intervals, corrections."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing.rating.session_facts import Correction, NotRateable, facts_of
from stations.hardware.models import Evse, Station
from stations.sessions.models import Session
from stations.sites.models import Site
from tests.factories.rating import BEGAN, stored

END = BEGAN + timedelta(hours=1)


def session(**fields: Any) -> Session:
    """An unsaved hour of charging 10 kWh."""
    values: dict[str, Any] = {
        "station": Station(site=Site(time_zone="Europe/Helsinki")),
        "evse": Evse(max_power_w=22_000),
        "started_at": BEGAN,
        "stopped_at": END,
        "energy_wh": Decimal(10_000),
        "intervals": stored([(0, 0), (30, 7_000), (60, 10_000)]),
    }
    return Session(**(values | fields))


def curve(one: Session, **correction: Any) -> list[tuple[int, Any, bool]]:
    facts = facts_of(one, correction=Correction(**correction))
    return [
        (round((p.at - BEGAN).total_seconds() / 60), p.energy_wh, p.interpolated)
        for p in facts.curve
    ]


def test_readings_zone_and_power_are_those_of_the_session() -> None:
    facts = facts_of(session())

    assert (facts.zone, facts.evse_max_power_w) == ("Europe/Helsinki", Decimal(22_000))
    assert curve(session()) == [(0, 0, False), (30, 7_000, False), (60, 10_000, False)]


def test_reading_near_an_end_counts_as_taken_there() -> None:
    late = session(intervals=stored([(1, 0), (58, 10_000)]))

    assert curve(late) == [
        (0, 0, False), (1, 0, False), (58, 10_000, False), (60, 10_000, False),
    ]  # fmt: skip


def test_reading_far_from_the_end_leaves_a_guess() -> None:
    early = session(intervals=stored([(0, 0), (40, 10_000)]))

    assert curve(early)[-1] == (60, 10_000, True)


def test_corrected_energy_scales_the_curve_and_says_so() -> None:
    corrected = curve(session(), energy_wh=Decimal(5_000))

    assert corrected == [(0, 0, True), (30, 3_500, True), (60, 5_000, True)]


def test_session_without_a_curve_has_both_ends() -> None:
    assert curve(session(intervals={})) == [(0, 0, False), (60, 10_000, False)]


def test_intervals_speak_the_engine_s_words() -> None:
    parts = stored([(0, 0), (60, 10_000)], idle=(40, 60))
    parts["intervals"][1]["reason"] = "station"

    kinds = [one.kind for one in facts_of(session(intervals=parts)).intervals]

    assert kinds == ["charging", "suspended"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"started_at": None}, "start_unknown"),
        ({"stopped_at": None}, "end_unknown"),
        ({"energy_wh": None}, "energy_unknown"),
        ({"stopped_at": BEGAN - timedelta(seconds=1)}, "end_before_start"),
    ],
)
def test_what_is_not_known_is_said(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(NotRateable) as refused:
        facts_of(session(**fields))

    assert refused.value.code == code
