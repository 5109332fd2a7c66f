"""Hours of the week: reading, writing, and whether an instant lies inside."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.limits.hours import (
    DAY_MINUTES,
    HoursError,
    Window,
    allows,
    parse_text,
    read_windows,
    to_lines,
)

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONDAY = datetime(2026, 5, 18)  # noqa: DTZ001 - a clock at the site

DAYS = st.frozensets(st.integers(1, 7), min_size=1)
WINDOWS = st.builds(
    Window, DAYS, st.integers(0, DAY_MINUTES - 1), st.integers(0, DAY_MINUTES)
).filter(lambda w: w.start_minute != w.end_minute)


def at(day: int, clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return MONDAY + timedelta(days=day - 1, hours=hours, minutes=minutes)


@given(st.lists(WINDOWS, max_size=21))
def test_what_is_stored_is_read_again_and_so_is_its_text(windows: list[Window]) -> None:
    stored = [window.stored() for window in windows]

    assert list(read_windows(stored)) == windows
    assert parse_text("\n".join(to_lines(stored, NAMES))) == stored


@given(WINDOWS, st.integers(0, 7 * DAY_MINUTES - 1))
def test_a_window_holds_exactly_its_minutes_of_the_week(window: Window, minute: int) -> None:
    length = (window.end_minute - window.start_minute) % DAY_MINUTES or DAY_MINUTES
    inside = {
        ((day - 1) * DAY_MINUTES + window.start_minute + n) % (7 * DAY_MINUTES)
        for day in window.days
        for n in range(length)
    }

    assert window.holds(MONDAY + timedelta(minutes=minute)) == (minute in inside)


def test_english_and_swedish_days_mean_the_same() -> None:
    assert parse_text("mon-fri 7-18") == parse_text("mån–fre 07:00–18.00")
    assert parse_text("sat, sun 0-24") == parse_text("lör,sön 00:00-24:00")
    assert parse_text("fri-mon 8-9")[0]["days"] == [1, 5, 6, 7]
    assert parse_text("alla dagar 6-22") == parse_text("06:00-22:00")


def test_a_window_past_midnight_belongs_to_the_day_it_begins() -> None:
    windows = read_windows(parse_text("fri 22:00-06:00"))

    assert allows(windows, at(5, "23:00"))
    assert allows(windows, at(6, "05:59"))
    assert not allows(windows, at(6, "06:00"))
    assert not allows(windows, at(5, "05:00"))


def test_no_window_is_always() -> None:
    assert allows((), at(3, "03:00"))


@pytest.mark.parametrize(
    "text", ["mon", "mon 25-26", "xyz 7-18", "mon 8:00-8:00", "mon 7:75-8:00", "24:00-06:00", "-"]
)
def test_a_line_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(HoursError):
        parse_text(text)


@pytest.mark.parametrize(
    "stored",
    [
        "always",
        [{"days": [0], "from": "07:00", "to": "18:00"}],
        [{"days": [], "from": "07:00", "to": "18:00"}],
        [{"days": [True], "from": "07:00", "to": "18:00"}],
        [{"days": [1], "from": "07:00"}],
        [{"days": [1], "from": "7", "to": "x"}],
        [{"days": [1], "from": "07:00", "to": "18:00"}] * 22,
    ],
)
def test_stored_nonsense_is_refused(stored: object) -> None:
    with pytest.raises(HoursError):
        read_windows(stored)
