"""Times, numbers, texts and members: odd forms, hostile forms, and never an exception."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stations.ocpp.reading.instants import read_instant, to_wire
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.numbers import read_decimal, read_integer
from stations.ocpp.reading.tests.support import JSON, STOCKHOLM
from stations.ocpp.reading.texts import TOKEN_LIMIT, raw_text, read_text, read_token

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("2026-03-01T12:00:00Z", []),
        ("2026-03-01T12:00:00.000Z", []),
        ("2026-03-01T12:00:00.000000000Z", []),
        ("2026-03-01T12:00:00z", []),
        ("2026-03-01t12:00:00z", []),
        ("2026-03-01T12:00:00+00:00", []),
        ("2026-03-01T13:00:00+01:00", []),
        ("2026-03-01T08:30:00-03:30", []),
        ("2026-03-01T13:00:00+01", []),
        ("2026-03-01T13:00:00+0100", []),
        ("2026-03-01T11:59:60Z", []),
        ("2026-03-01 12:00:00Z", ["time_form"]),
        ("2026-03-01 12:00:00 UTC", ["time_form"]),
        ("  2026-03-01T12:00:00Z  ", []),
        ("2026-03-01T12:00Z", ["time_form"]),
        ("2026-3-1T12:00:00Z", ["time_form"]),
        ("2026/03/01 13:00:00", ["time_without_zone", "time_form"]),
        ("2026-03-01T13:00:00", ["time_without_zone"]),
        ("2026-03-01T13:00:00.000", ["time_without_zone"]),
        ("1772366400", ["time_form"]),
        ("1772366400000", ["time_form"]),
        (1772366400, ["time_form"]),
        (1772366400000, ["time_form"]),
        (1772366400.0, ["time_form"]),
    ],
)
def test_time_in_many_forms(text: Any, notes: list[str]) -> None:
    found: list[str] = []

    instant = read_instant(text, STOCKHOLM, found)

    assert instant.at == NOON
    assert found == notes


def test_fraction_of_any_length_is_cut_to_microseconds() -> None:
    for digits in ("5", "500", "500000", "500000999999"):
        at = read_instant(f"2026-03-01T12:00:00.{digits}Z", UTC, []).at
        assert at == NOON + timedelta(milliseconds=500)


def test_date_alone_is_midnight_in_the_zone_of_the_station() -> None:
    notes: list[str] = []

    instant = read_instant("2026-03-01", STOCKHOLM, notes)

    assert instant.at == datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
    assert notes == ["time_without_zone", "time_form"]


@pytest.mark.parametrize(
    ("value", "note"),
    [
        (None, "time_missing"),
        ("", "time_missing"),
        ("now", "time_unreadable"),
        ("2026-02-30T00:00:00Z", "time_unreadable"),
        ("2026-03-01T25:00:00Z", "time_unreadable"),
        ("2026-03-01T12:00:00+99:00", "time_unreadable"),
        ("2026-03-01T12:00:00+23:59", None),
        ("٢٠٢٦-03-01T12:00:00Z", "time_unreadable"),
        ({}, "time_unreadable"),
        (True, "time_unreadable"),
        (float("nan"), "time_unreadable"),
        (float("inf"), "time_unreadable"),
        (1e300, "time_unreadable"),
        (0, "time_implausible"),
        (-5, "time_implausible"),
        ("1970-01-01T00:00:00Z", "time_implausible"),
        ("0001-01-01T00:00:00+14:00", "time_implausible"),
        ("9999-12-31T23:59:59-14:00", "time_implausible"),
        ("2009-12-31T23:59:59Z", "time_implausible"),
        ("2101-01-01T00:00:00Z", "time_implausible"),
        ("2010-01-01T00:00:00+02:00", "time_implausible"),
        ("2100-12-31T23:59:59Z", None),
        ("2010-01-01T00:00:00Z", None),
    ],
)
def test_time_that_is_none(value: Any, note: str | None) -> None:
    notes: list[str] = []

    instant = read_instant(value, UTC, notes)

    assert (instant.at is None) == (note is not None)
    assert notes == ([note] if note else [])
    assert instant.raw.isprintable()


@settings(deadline=None)
@given(JSON | st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()))
def test_time_parser_cannot_throw(value: Any) -> None:
    at = read_instant(value, STOCKHOLM, []).at

    assert at is None or (at.tzinfo is UTC and 2010 <= at.year <= 2100)


@given(
    st.datetimes(datetime(2010, 1, 2), datetime(2100, 1, 1)),  # noqa: DTZ001 - zone is drawn
    st.integers(-14 * 60, 14 * 60),
)
def test_time_with_an_offset_is_read_exactly(moment: datetime, minutes: int) -> None:
    at = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert read_instant(at.isoformat(), STOCKHOLM, []).at == at


def test_time_on_the_wire() -> None:
    local = datetime(2026, 3, 1, 13, 0, 0, 123_456, tzinfo=STOCKHOLM)

    assert to_wire(local) == "2026-03-01T12:00:00.123Z"


@pytest.mark.parametrize(
    ("value", "number", "notes"),
    [
        (5, Decimal(5), []),
        (5.5, Decimal("5.5"), []),
        (0.1, Decimal("0.1"), []),
        ("5.50", Decimal("5.50"), []),
        (" 7 ", Decimal(7), []),
        ("+7", Decimal(7), []),
        (".5", Decimal("0.5"), []),
        ("5.", Decimal(5), []),
        ("1e3", Decimal(1000), []),
        ("-0", Decimal(0), []),
        ("0e999", Decimal(0), []),
        ("12,5", Decimal("12.5"), ["decimal_comma"]),
        ("1e-300", Decimal(0), []),
        ("1,234.5", None, ["not_a_number"]),
        ("1.234,5", None, ["not_a_number"]),
        ("1_000", None, ["not_a_number"]),
        ("0x10", None, ["not_a_number"]),
        ("12 kWh", None, ["not_a_number"]),
        ("١٢", None, ["not_a_number"]),
        ("sNaN", None, ["not_a_number"]),
        (float("nan"), None, ["not_a_number"]),
        (float("-inf"), None, ["not_a_number"]),
        (True, None, ["not_a_number"]),
        (None, None, ["not_a_number"]),
        ([], None, ["not_a_number"]),
        ("x" * 100, None, ["not_a_number"]),
        (1e308, None, ["number_out_of_range"]),
        ("1e308", None, ["number_out_of_range"]),
        (10**30, None, ["number_out_of_range"]),
        ("9" * 100, None, ["number_out_of_range"]),
        (10**17, None, ["number_out_of_range"]),
    ],
)
def test_number_in_many_forms(value: Any, number: Decimal | None, notes: list[str]) -> None:
    found: list[str] = []

    assert read_decimal(value, found) == number
    assert found == notes


@pytest.mark.parametrize(
    ("value", "number", "notes"),
    [
        (5, 5, []),
        (-5, -5, []),
        ("5", 5, ["number_from_text"]),
        (5.0, 5, ["number_from_text"]),
        (5.5, None, ["not_a_number"]),
        (2**31, None, ["number_out_of_range"]),
        (2**70, None, ["number_out_of_range"]),
        ("99999999999", None, ["number_out_of_range"]),
        (False, None, ["not_a_number"]),
        ("one", None, ["not_a_number"]),
    ],
)
def test_whole_number_in_many_forms(value: Any, number: int | None, notes: list[str]) -> None:
    found: list[str] = []

    assert read_integer(value, found) == number
    assert found == notes


@settings(deadline=None)
@given(JSON)
def test_numbers_are_small_enough_to_reckon_with(value: Any) -> None:
    number = read_decimal(value, [])

    assert number is None or (number.is_finite() and abs(number) < Decimal(10) ** 16)


@pytest.mark.parametrize(
    ("value", "text", "notes"),
    [
        ("plain", "plain", []),
        ("åäö 漢字 🚗", "åäö 漢字 🚗", []),
        ("non\u00a0breaking", "non\u00a0breaking", []),
        ("a\x00b\x1bc\x7f", "abc", ["control_characters"]),
        ("line\nbreak\ttab", "line break tab", []),
        ("evil\u202egnp.exe", "evilgnp.exe", ["control_characters"]),
        ("x" * 30, "x" * 20, ["text_cut"]),
        ("\ud800", "", ["control_characters"]),
        (5, "5", ["text_from_number"]),
        (True, None, ["member_form"]),
        ({}, None, ["member_form"]),
        (None, None, []),
        ("", "", []),
        ("<script>=1+1", "<script>=1+1", []),
    ],
)
def test_text_in_many_forms(value: Any, text: str | None, notes: list[str]) -> None:
    found: list[str] = []

    assert read_text(value, 20, found) == text
    assert found == notes


def test_long_tokens_stay_different_after_the_cut() -> None:
    one, two = "A" * 400 + "1", "A" * 400 + "2"

    first, second = read_token(one, []), read_token(two, [])

    assert first is not None
    assert second is not None
    assert first != second
    assert len(first) <= TOKEN_LIMIT
    assert first != one[: len(first)]


@settings(deadline=None)
@given(JSON)
def test_raw_text_is_bounded_and_printable_or_blank(value: Any) -> None:
    text = raw_text(value, 20)

    assert len(text) <= 20
    text.encode()
    assert "\x00" not in text


def test_members_of_other_forms() -> None:
    notes: list[str] = []
    members = Members({"a": "true", "b": 0, "c": [], "d": {"x": 1}, "e": [{"x": 1}, 5]}, notes)

    assert members.flag("a")
    assert not members.flag("b")
    assert not members.flag("c")
    assert members.flag("missing", default=True)
    assert [child.integer("x") for child in members.children("d")] == [1]
    assert [child.integer("x") for child in members.children("e")] == [1]
    assert members.child("a").data == {}
    assert unique(notes) == ("member_form",)
