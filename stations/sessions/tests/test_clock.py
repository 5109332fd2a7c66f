"""Station time becomes true time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stations.sessions.clock import Clock, OffsetPoint, learn_clock
from stations.sessions.facts import Fact
from stations.sessions.tests.stories import at, fact

HOUR = timedelta(hours=1)


def live(minutes: float, behind: timedelta, latency_s: float = 1) -> Fact:
    """A message told at once by a clock that is ``behind``."""
    return fact("update", minutes, at=at(minutes) - behind, late_s=latency_s)


def test_right_clock_is_left_alone() -> None:
    moment = Clock().correct(at(0), at(0.5))

    assert (moment.at, moment.source) == (at(0), "station")


def test_shared_lag_is_an_error() -> None:
    clock = learn_clock([live(0, 3 * HOUR), live(10, 3 * HOUR, 2)])

    moment = clock.correct(at(20) - 3 * HOUR, at(20))
    assert (moment.at, moment.source) == (at(20), "offset")


def test_messages_of_one_burst_share_a_lag_by_chance() -> None:
    clock = learn_clock([live(0, 3 * HOUR), live(0.1, 3 * HOUR)])

    assert clock.correct(at(0) - 3 * HOUR, at(0)).source == "queued"


def test_queued_message_keeps_its_time() -> None:
    moment = Clock().correct(at(0), at(500))

    assert (moment.at, moment.source) == (at(0), "queued")


def test_queued_message_takes_the_error_known_for_its_time() -> None:
    clock = Clock(
        points=(
            OffsetPoint(at(0), timedelta(0)),
            OffsetPoint(at(100), -HOUR),
            OffsetPoint(at(200), timedelta(0)),
        )
    )

    assert clock.correct(at(50), at(900)).at == at(50)
    assert clock.correct(at(150), at(900)).at == at(90)
    assert clock.correct(at(250), at(900)).at == at(250)


def test_error_first_seen_later_applies_to_the_time_before() -> None:
    clock = learn_clock([live(100, -2 * HOUR), live(110, -2 * HOUR)])

    assert clock.correct(at(120), at(90)).at == at(0)


def test_offline_message_is_no_evidence_of_the_clock() -> None:
    told = [
        Fact(
            key=str(n),
            kind="update",
            station="CP1",
            version="2.0.1",
            arrived_at=at(n),
            at_raw="",
            at=at(n - 180),
            offline=True,
        )
        for n in (0, 10)
    ]

    assert learn_clock(told) == Clock()


def test_offline_message_is_never_taken_for_live() -> None:
    clock = learn_clock([live(0, 3 * HOUR), live(10, 3 * HOUR)])

    assert clock.correct(at(20) - 3 * HOUR, at(20), offline=True).source == "queued"


def test_single_message_from_the_future_is_corrected_to_its_arrival() -> None:
    moment = Clock().correct(at(7), at(0))

    assert (moment.at, moment.source) == (at(0), "offset")


def test_whole_hours_are_exact() -> None:
    moment = Clock().correct(at(120), at(0) + timedelta(seconds=9))

    assert moment.at == at(0)


def test_impossible_times_give_way_to_the_arrival() -> None:
    for impossible in (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), None):
        moment = Clock().correct(impossible, at(0))
        assert (moment.at, moment.source) == (at(0), "arrival")


def test_known_offsets_of_other_messages_count() -> None:
    clock = learn_clock([], (OffsetPoint(at(0), -HOUR),))

    assert clock.correct(at(100), at(500)).at == at(40)


def test_points_are_kept_only_where_the_offset_changes() -> None:
    clock = learn_clock([live(n, timedelta(0)) for n in range(10)])

    assert clock.points == (OffsetPoint(at(0), timedelta(0)),)
