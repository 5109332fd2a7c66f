"""Opening hours: reading, asking, and OCPI's form of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.sites import hours_form
from stations.sites.hours import (
    DAY,
    Hours,
    HoursError,
    Span,
    as_ocpi,
    as_stored,
    differing,
    open_at,
    parse_hours,
    read_spans,
)
from stations.sites.hours_text import read_hours, write_hours
from stations.sites.public_holidays import holidays_between, holidays_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEEK: dict[str, Any] = {
    "regular_hours": [
        {"weekday": 1, "period_begin": "07:00", "period_end": "12:00"},
        {"weekday": 1, "period_begin": "13:00", "period_end": "24:00"},
    ],
    "exceptions": [
        {"on": "2026-12-28", "note": "Inventory"},
        {"on": "2026-12-29", "periods": [{"period_begin": "10:00", "period_end": "14:00"}]},
    ],
}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-12-21T06:59", False),
        ("2026-12-21T07:00", True),
        ("2026-12-21T12:00", False),
        ("2026-12-21T23:59", True),
        ("2026-12-22T10:00", False),  # a Tuesday has no hours
        ("2026-12-28T10:00", False),  # a Monday that is closed
        ("2026-12-29T10:00", True),  # a Tuesday that is open
        ("2026-12-29T14:00", False),
    ],
)
def test_weekdays_and_dates_that_differ(at: str, expected: bool) -> None:
    assert open_at(parse_hours(WEEK), local(at), STOCKHOLM) is expected


def test_wall_clock_time_decides_when_the_clocks_change() -> None:
    sunday = parse_hours(
        {"regular_hours": [{"weekday": 7, "period_begin": "08:00", "period_end": "09:00"}]}
    )

    assert open_at(sunday, datetime(2026, 3, 22, 7, 30, tzinfo=UTC), STOCKHOLM)
    assert open_at(sunday, datetime(2026, 3, 29, 6, 30, tzinfo=UTC), STOCKHOLM)
    assert not open_at(sunday, datetime(2026, 3, 29, 7, 30, tzinfo=UTC), STOCKHOLM)


def test_always_open_but_for_a_date() -> None:
    hours = parse_hours({"twentyfourseven": True, "exceptions": [{"on": "2026-12-24"}]})

    assert open_at(hours, local("2026-12-23T23:59"), STOCKHOLM)
    assert not open_at(hours, local("2026-12-24T12:00"), STOCKHOLM)


def test_ocpi_has_instants_and_closings_that_never_overlap_openings() -> None:
    ocpi = as_ocpi(parse_hours(WEEK), STOCKHOLM)

    assert ocpi["regular_hours"][1] == {
        "weekday": 1,
        "period_begin": "13:00",
        "period_end": "23:59",
    }
    assert ocpi["exceptional_openings"] == [
        {"period_begin": "2026-12-29T09:00:00Z", "period_end": "2026-12-29T13:00:00Z"}
    ]
    assert ocpi["exceptional_closings"] == [
        {"period_begin": "2026-12-27T23:00:00Z", "period_end": "2026-12-28T23:00:00Z"},
        {"period_begin": "2026-12-28T23:00:00Z", "period_end": "2026-12-29T09:00:00Z"},
        {"period_begin": "2026-12-29T13:00:00Z", "period_end": "2026-12-29T23:00:00Z"},
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "no_object"),
        ({"open": 1}, "unknown_member"),
        ({"twentyfourseven": 1}, "bad_flag"),
        ({"regular_hours": [{"weekday": 8}]}, "bad_weekday"),
        ({"regular_hours": {"weekday": 1}}, "no_list"),
        ({"exceptions": [{"on": "24 Dec"}]}, "bad_date"),
        ({"exceptions": [{"on": "2026-12-24"}, {"on": "2026-12-24"}]}, "date_twice"),
        ({**WEEK, "twentyfourseven": True}, "always_and_weekly"),
    ],
)
def test_bad_hours_are_named(data: object, code: str) -> None:
    with pytest.raises(HoursError) as refused:
        parse_hours(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7", "bad_period"),
        ("7-25", "bad_time"),
        ("18-7", "end_before_begin"),
        ("7-12,11-13", "overlap"),
        ("24:00-24:00", "bad_time"),
    ],
)
def test_bad_texts_are_named(text: str, code: str) -> None:
    with pytest.raises(HoursError) as refused:
        read_spans(text)
    assert refused.value.code == code


spans = st.lists(
    st.integers(0, DAY).filter(lambda m: m % 5 == 0), min_size=2, max_size=8, unique=True
).map(lambda edges: tuple(Span(a, b) for a, b in zip(*[iter(sorted(edges))] * 2, strict=False)))


@given(
    week=st.tuples(*[spans] * 7), holidays=st.none() | spans, minutes=st.integers(0, 7 * DAY - 1)
)
def test_what_is_stored_and_typed_means_the_same(
    week: tuple[tuple[Span, ...], ...], holidays: tuple[Span, ...] | None, minutes: int
) -> None:
    hours = Hours(always=False, week=week, holidays=holidays)

    assert parse_hours(as_stored(hours)) == hours
    assert read_hours(write_hours(hours)) == hours
    typed = hours_form.stored_of(hours_form.initial_of(as_stored(hours)))
    assert typed == as_stored(hours)
    at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    expected = any(s.begin <= minutes % DAY < s.end for s in week[minutes // DAY])
    assert open_at(hours, at, UTC) is expected


def test_dates_are_typed_one_a_line() -> None:
    first, second = hours_form.read_exceptions(
        "2026-12-24 stängt Julafton\n\n2026-12-31 10:00–14:00, 15-16 Nyår"
    )

    assert (first.on, first.spans, first.note) == (date(2026, 12, 24), (), "Julafton")
    assert (second.spans, second.note) == ((Span(600, 840), Span(900, 960)), "Nyår")
    with pytest.raises(HoursError):
        hours_form.read_exceptions("Christmas closed")


CLOSED_ON_HOLIDAYS = WEEK | {"public_holidays": []}


def test_public_holidays_of_the_country_have_hours_of_their_own() -> None:
    """Epiphany, 6 January 2025, was a Monday."""
    public = holidays_between("SE", date(2025, 1, 1), date(2025, 1, 31), "sv")
    like_monday, closed = parse_hours(WEEK), parse_hours(CLOSED_ON_HOLIDAYS)

    assert public == {date(2025, 1, 1): "Nyårsdagen", date(2025, 1, 6): "Trettondedag jul"}
    assert open_at(like_monday, local("2025-01-06T10:00"), STOCKHOLM, public)
    assert not open_at(closed, local("2025-01-06T10:00"), STOCKHOLM, public)
    assert open_at(closed, local("2025-01-13T10:00"), STOCKHOLM, public)
    assert not holidays_between("ZZ", date(2025, 1, 1), date(2025, 12, 31))
    assert holidays_of("FI", 2025, "de")[date(2025, 12, 6)] == "Independence Day"


def test_a_date_of_its_own_is_stronger_than_a_public_holiday() -> None:
    hours = parse_hours({**CLOSED_ON_HOLIDAYS, "exceptions": [{"on": "2026-01-06", "periods": [
        {"period_begin": "10:00", "period_end": "12:00"}]}]})  # fmt: skip
    public = holidays_between("SE", date(2026, 1, 1), date(2026, 1, 31))

    assert open_at(hours, local("2026-01-06T11:00"), STOCKHOLM, public)
    assert [(one.on.day, one.note) for one in differing(hours, public)] == [
        (1, "New Year's Day"),
        (6, ""),
    ]
    ocpi = as_ocpi(hours, STOCKHOLM, public)
    assert ocpi["exceptional_closings"][0] == {
        "period_begin": "2025-12-31T23:00:00Z",
        "period_end": "2026-01-01T23:00:00Z",
    }
    assert ocpi["exceptional_openings"] == [
        {"period_begin": "2026-01-06T09:00:00Z", "period_end": "2026-01-06T11:00:00Z"}
    ]


def test_hours_are_one_text_in_files() -> None:
    text = (
        "1-5 07:00-12:00,13:00-18:00; 7 10:00-24:00; holidays closed; "
        "2026-12-24 closed Christmas Eve; 2026-12-31 10:00-14:00"
    )

    assert write_hours(read_hours(text)) == text
    assert write_hours(read_hours("24/7; holidays 10-12")) == "24/7; holidays 10:00-12:00"
    for wrong in ("8 07:00-12:00", "1 07:00", "Monday 7-12", "2026-02-30 closed", "24/7; 1 7-9"):
        with pytest.raises(HoursError):
            read_hours(wrong)
