"""Cells as values: what is understood, and what is refused with reason and cure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.imports import values
from core.imports.values import BadValueError, same

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("parser", "cell", "value"),
    [
        (values.decimal(-90, 90), "55,6045", Decimal("55.6045")),
        (values.decimal(-90, 90), "55.6045", Decimal("55.6045")),
        (values.decimal(), "1\u00a0234,50", Decimal("1234.5")),
        (values.decimal(-90, 90), "−12,5", Decimal("-12.5")),
        (values.integer(0), "11 000", 11000),
        (values.integer(0), "11000.0", 11000),
        (values.flag, "Ja", True),
        (values.flag, "0", False),
        (values.day, "2026-11-23 00:00:00", date(2026, 11, 23)),
        (values.moment, "2026-07-01 12:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        (values.moment, "2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        (values.moment, "2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        (values.choice([("rfid", "RFID card")]), "rfid CARD", "rfid"),
        (values.words(), "a, b;c", ["a", "b", "c"]),
        (values.identifier(20), " 04AB ", "04AB"),
    ],
)
def test_what_is_understood(parser: Any, cell: str, value: object) -> None:
    assert parser(cell, STOCKHOLM) == value


@pytest.mark.parametrize(
    ("parser", "cell"),
    [
        (values.decimal(), "1.234,5"), (values.decimal(-90, 90), "91"), (values.decimal(), "NaN"),
        (values.decimal(), "1e400000000"), (values.integer(0), "-1"), (values.integer(), "1,5"),
        (values.integer(), "#REF!"), (values.flag, "maybe"), (values.day, "23/11/2026"),
        (values.moment, "yesterday"), (values.choice([("a", "A")]), "b"),
        (values.identifier(36), "4,1E+13"), (values.text(3), "abcd"), (values.text(), "a\x00"),
        (values.words(3), "abcd"),
    ],
)  # fmt: skip
def test_what_is_refused_has_a_reason_and_a_cure(parser: Any, cell: str) -> None:
    with pytest.raises(BadValueError) as error:
        parser(cell, STOCKHOLM)

    assert error.value.reason
    assert error.value.cure


def test_sheets_know_neither_fractions_nor_the_second_of_two_equal_hours() -> None:
    second_hour = datetime(2026, 10, 25, 1, 30, 0, 250_000, tzinfo=UTC)
    as_read = values.moment("2026-10-25 02:30:00", STOCKHOLM)

    assert as_read != second_hour
    assert same(second_hour, as_read)
    assert not same(second_hour, values.moment("2026-10-25 02:31:00", STOCKHOLM))
