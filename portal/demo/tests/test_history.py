"""The past of the demo network: seeded, without overlaps, physically possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from portal.demo.history import StationHistory, build_history
from portal.demo.plan import build_plan
from portal.demo.timeline import Gaps, Span
from portal.demo.visits import DETAILED

NOW = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def past() -> list[StationHistory]:
    """Histories of the stations of a few sites."""
    plan = build_plan(today=NOW.date())
    wanted = {operator.sites[at].name for operator in plan.operators for at in (0, 3)}
    return [item for item in build_history(plan, NOW) if item.site.name in wanted]


def test_history_is_the_same_every_time(past: list[StationHistory]) -> None:
    again = next(build_history(build_plan(today=NOW.date()), NOW))

    assert again.evses == past[0].evses
    assert again.gaps.spans == past[0].gaps.spans


def test_sessions_of_an_evse_do_not_overlap_and_end_before_now(
    past: list[StationHistory],
) -> None:
    for station in past:
        for evse in station.evses:
            assert evse.visits
            assert all(visit.started_at < visit.stopped_at <= NOW for visit in evse.visits)
            assert all(a.stopped_at < b.started_at for a, b in pairwise(evse.visits))


def test_no_session_runs_through_a_fault(past: list[StationHistory]) -> None:
    for station in past:
        for evse in station.evses:
            for fault in evse.faults:
                assert not any(
                    visit.started_at < fault.ended_at and fault.began_at < visit.stopped_at
                    for visit in evse.visits
                )


def test_energy_is_the_difference_of_registers_and_never_more_than_the_socket_gives(
    past: list[StationHistory],
) -> None:
    for station in past:
        for evse in station.evses:
            for visit in evse.visits:
                hours = (visit.stopped_at - visit.started_at) / timedelta(hours=1)
                registers = [sample.register_wh for sample in visit.samples]
                assert registers == sorted(registers)
                assert registers[-1] - visit.meter_start_wh == visit.energy_wh
                assert visit.energy_wh <= evse.evse.max_power_w * hours + 1


def test_only_recent_sessions_have_readings_along_the_way(past: list[StationHistory]) -> None:
    visits = [visit for station in past for evse in station.evses for visit in evse.visits]

    assert all(len(v.samples) == 2 for v in visits if v.started_at <= NOW - DETAILED)
    assert any(len(v.samples) > 5 for v in visits if v.started_at > NOW - DETAILED)


def test_a_message_made_in_a_gap_arrives_after_it() -> None:
    gap = Span(NOW, NOW + timedelta(hours=1))
    gaps = Gaps([gap])

    assert gaps.arrival(NOW + timedelta(minutes=5), 300) > gap.ended_at
    assert gaps.arrival(gap.ended_at, 300) == gap.ended_at + timedelta(milliseconds=300)
