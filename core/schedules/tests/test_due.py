"""When schedules are due: rhythms, short months, changes of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.schedules.due import DAILY, MONTHLY, WEEKLY, Rhythm, next_due

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "after", "due"),
    [
        (Rhythm(DAILY, 7, STOCKHOLM), "2026-11-27T05:59", "2026-11-27T06:00"),
        (Rhythm(DAILY, 7, STOCKHOLM), "2026-11-27T06:00", "2026-11-28T06:00"),
        (Rhythm(WEEKLY, 7, STOCKHOLM, weekday=0), "2026-11-27T12:00", "2026-11-30T06:00"),
        (Rhythm(MONTHLY, 0, STOCKHOLM, month_day=31), "2026-02-01T00:00", "2026-02-27T23:00"),
        (Rhythm(MONTHLY, 7, STOCKHOLM, month_day=1), "2026-12-01T06:00", "2027-01-01T06:00"),
        # The night without an hour from 2 to 3, and the one that has it twice.
        (Rhythm(DAILY, 2, STOCKHOLM), "2026-03-28T12:00", "2026-03-29T01:00"),
        (Rhythm(DAILY, 2, STOCKHOLM), "2026-10-24T12:00", "2026-10-25T00:00"),
        (Rhythm(DAILY, 2, STOCKHOLM), "2026-10-25T00:00", "2026-10-26T01:00"),
    ],
)
def test_the_next_due_instant(rhythm: Rhythm, after: str, due: str) -> None:
    assert next_due(rhythm, at(after)) == at(due)


@given(
    st.sampled_from([DAILY, WEEKLY, MONTHLY]), st.integers(0, 23), st.integers(0, 6),
    st.integers(1, 31), st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001 - hypothesis adds it
)  # fmt: skip
def test_it_is_always_later_and_never_far(
    frequency: str, hour: int, weekday: int, month_day: int, after: datetime
) -> None:
    start = after.replace(tzinfo=UTC)

    due = next_due(Rhythm(frequency, hour, STOCKHOLM, weekday, month_day), start)

    longest = {DAILY: 2, WEEKLY: 8, MONTHLY: 32}[frequency]
    assert start < due <= start + timedelta(days=longest)
