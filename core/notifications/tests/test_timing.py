"""Quiet hours and digests, across midnight and the changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.notifications.timing import Wish, due_at, is_quiet, next_at

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHT = Wish(STOCKHOLM, time(22), time(6, 30))
NOON = Wish(STOCKHOLM, time(12), time(13))


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM, fold=fold).astimezone(UTC)  # type: ignore[misc,arg-type]  # values of many types


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (local(2026, 11, 10, 21, 59), local(2026, 11, 10, 21, 59)),
        (local(2026, 11, 10, 22, 0), local(2026, 11, 11, 6, 30)),
        (local(2026, 11, 11, 0, 0), local(2026, 11, 11, 6, 30)),
        (local(2026, 11, 11, 6, 29), local(2026, 11, 11, 6, 30)),
        (local(2026, 11, 11, 6, 30), local(2026, 11, 11, 6, 30)),
        # The night of spring is an hour shorter, that of autumn an hour longer.
        (local(2026, 3, 28, 23, 0), datetime(2026, 3, 29, 4, 30, tzinfo=UTC)),
        (local(2026, 10, 24, 23, 0), datetime(2026, 10, 25, 5, 30, tzinfo=UTC)),
    ],
)
def test_quiet_hours_may_pass_midnight(now: datetime, due: datetime) -> None:
    assert due_at(now, NIGHT) == due


def test_quiet_hours_within_a_day() -> None:
    assert due_at(local(2026, 6, 1, 12, 30), NOON) == local(2026, 6, 1, 13)
    assert due_at(local(2026, 6, 1, 13), NOON) == local(2026, 6, 1, 13)


def test_equal_or_missing_ends_mean_no_quiet_hours() -> None:
    now = local(2026, 6, 1, 12)

    for wish in (Wish(STOCKHOLM), Wish(STOCKHOLM, time(12), time(12)), Wish(STOCKHOLM, time(1))):
        assert not is_quiet(now, wish)
        assert due_at(now, wish) == now


def test_an_end_that_the_clock_skips_or_shows_twice() -> None:
    half_past_two = Wish(STOCKHOLM, time(22), time(2, 30))

    spring = due_at(local(2026, 3, 28, 23), half_past_two)
    first = due_at(local(2026, 10, 24, 23), half_past_two)
    second = due_at(local(2026, 10, 25, 2, 15, fold=1), half_past_two)

    assert spring == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_digest_waits_for_its_time_even_through_quiet_hours() -> None:
    wish = Wish(STOCKHOLM, time(22), time(6), time(5))

    assert due_at(local(2026, 6, 1, 4), wish) == local(2026, 6, 1, 5)
    assert due_at(local(2026, 6, 1, 5, 1), wish) == local(2026, 6, 2, 5)


ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Stockholm", "America/St_Johns", "Asia/Kathmandu", "UTC")]
)
INSTANTS = st.integers(0, 4 * 366 * 86_400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(INSTANTS, st.times(), ZONES)
def test_the_next_time_lies_ahead_within_a_day(now: datetime, clock: time, zone: ZoneInfo) -> None:
    found = next_at(now, clock, zone)

    assert now <= found <= now + timedelta(hours=26)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(INSTANTS, st.times(), st.times(), ZONES)
def test_nothing_goes_out_in_quiet_hours_or_is_lost(
    now: datetime, begin: time, end: time, zone: ZoneInfo
) -> None:
    wish = Wish(zone, begin, end)

    due = due_at(now, wish)

    assert now <= due <= now + timedelta(hours=26)
    if is_quiet(now, wish):
        assert due == next_at(now, end, zone)
    else:
        assert due == now
