"""Business hours and clocks: pauses, nights, holidays, and their laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period
from stations.maintenance.business import (
    ALWAYS,
    BusinessCalendar,
    add_business_time,
    business_time,
)
from stations.maintenance.clocks import Pause, Terms, clock
from stations.sites.hours import parse_hours
from tests.factories.maintenance import OFFICE

SWEDEN = BusinessCalendar(parse_hours(OFFICE), "Europe/Stockholm", "SE")
# Christmas of 2026: the 25th is a Friday, both days are public holidays.
WEDNESDAY = datetime(2026, 12, 23, 15, 0, tzinfo=UTC)
instants = st.datetimes(
    min_value=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    max_value=datetime(2028, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    timezones=st.just(UTC),
)


def test_four_business_hours_go_over_the_night() -> None:
    due = add_business_time(SWEDEN, WEDNESDAY, timedelta(hours=4))

    assert due == datetime(2026, 12, 24, 10, 0, tzinfo=UTC)


def test_public_holidays_and_the_weekend_do_not_count() -> None:
    used = business_time(SWEDEN, WEDNESDAY, datetime(2026, 12, 28, 8, 0, tzinfo=UTC))

    assert used == timedelta(hours=1 + 9 + 1)
    assert business_time(ALWAYS, WEDNESDAY, WEDNESDAY + timedelta(days=3)) == timedelta(days=3)


def test_the_change_of_clocks_keeps_local_hours() -> None:
    friday = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)

    assert add_business_time(SWEDEN, friday, timedelta(hours=2)) == datetime(
        2026, 3, 30, 7, 0, tzinfo=UTC
    )


def test_a_calendar_that_never_opens_is_never_due() -> None:
    never = BusinessCalendar(parse_hours({"regular_hours": []}), "UTC")

    assert add_business_time(never, WEDNESDAY, timedelta(minutes=1)) is None
    assert business_time(never, WEDNESDAY, WEDNESDAY + timedelta(days=9)) == timedelta()


@given(instants, st.integers(1, 6000), st.integers(0, 600), st.integers(0, 600))
def test_due_is_when_so_much_time_has_passed(
    start: datetime, minutes: int, wait: int, length: int
) -> None:
    amount = timedelta(minutes=minutes)
    begin = start + timedelta(minutes=wait)
    pauses = (Period(begin, begin + timedelta(minutes=length)),)

    due = add_business_time(SWEDEN, start, amount, pauses)

    assert due is not None
    assert business_time(SWEDEN, start, due, pauses) == amount
    assert due >= (add_business_time(SWEDEN, start, amount) or due)


def test_a_clock_keeps_the_wall_and_leaves_pauses_out() -> None:
    start = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    pauses = (
        Pause(start + timedelta(hours=1), start + timedelta(hours=3), "part"),
        Pause(start + timedelta(hours=5), None, "utility"),
    )

    state = clock(
        minutes=240, calendar=ALWAYS, started_at=start, stopped_at=None, pauses=pauses,
        now=start + timedelta(hours=8),
    )  # fmt: skip

    assert state is not None
    assert (state.used, state.wall) == (timedelta(hours=3), timedelta(hours=8))
    assert (state.share, state.is_paused, state.is_breached) == (75, True, False)
    assert state.due_at == start + timedelta(hours=9)


def test_exactly_the_promised_time_is_kept_and_one_more_second_is_not() -> None:
    start = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

    def state(seconds: int) -> bool:
        found = clock(
            minutes=60, calendar=ALWAYS, started_at=start, pauses=(), now=start,
            stopped_at=start + timedelta(seconds=seconds),
        )  # fmt: skip
        assert found is not None
        return found.is_breached

    assert (state(3600), state(3601)) == (False, True)
    assert Terms.read({}) is None
