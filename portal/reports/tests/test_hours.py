"""Hours of the week: true seconds, also on the days when clocks change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reports.hours import Bucket, InUse, local_hours, week

STOCKHOLM = "Europe/Stockholm"
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def seconds_of(day: date, zone: str = STOCKHOLM) -> Counter[tuple[int, int]]:
    found: Counter[tuple[int, int]] = Counter()
    for slot, seconds in local_hours(day, day, ZoneInfo(zone), LATER):
        found[slot] += int(seconds)
    return found


def test_the_hour_that_is_missing_in_march_and_twice_in_october() -> None:
    spring, autumn = seconds_of(date(2026, 3, 29)), seconds_of(date(2026, 10, 25))

    assert (spring[6, 2], sum(spring.values())) == (0, 23 * 3600)
    assert (autumn[6, 2], sum(autumn.values())) == (7200, 25 * 3600)


def test_a_car_through_both_hours_of_october_has_a_share_of_one() -> None:
    day = date(2026, 10, 25)
    begin = datetime(2026, 10, 24, 22, tzinfo=UTC)
    buckets = [Bucket(STOCKHOLM, begin + timedelta(hours=n), 3600) for n in range(25)]

    hours = week([InUse(STOCKHOLM, day, day, 1)], buckets, day, day, LATER)

    assert [hour.share for hour in hours if hour.weekday == 6] == [1.0] * 24
    assert {hour.share for hour in hours if hour.weekday != 6} == {None}


def test_a_day_that_lasts_counts_up_to_now_and_evses_from_their_first_day() -> None:
    monday = date(2026, 11, 23)
    now = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)  # 12:30 in Stockholm
    in_use = [
        InUse(STOCKHOLM, monday, monday, 2),
        InUse(STOCKHOLM, monday + timedelta(days=1), monday + timedelta(days=1), 9),
    ]

    hours = week(in_use, [Bucket(STOCKHOLM, now - timedelta(minutes=30), 900)], monday, monday, now)

    found = {hour.hour: hour for hour in hours if hour.weekday == 0}
    assert (found[11].available_s, found[12].available_s, found[13].available_s) == (7200, 3600, 0)
    assert found[12].share == 0.25


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(0, 20),
    st.sampled_from([STOCKHOLM, "Asia/Kolkata", "America/New_York", "UTC"]),
)
def test_hours_fill_their_days_without_gaps(first: date, days: int, zone: str) -> None:
    last = first + timedelta(days=days)
    total = sum(seconds for _slot, seconds in local_hours(first, last, ZoneInfo(zone), LATER))

    begin = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone))
    following = last + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone))
    assert total == pytest.approx((end.astimezone(UTC) - begin.astimezone(UTC)).total_seconds())
