"""CSV cells are machine-readable and harmless."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lists.cells import cell
from core.lists.export import csv_lines
from core.lists.spec import CsvColumn


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "\r=1", " =1", "\n=1", '=HYPERLINK("x")'],
)
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12", "+46", "-1.5", "1e5", "CP-0001", "a=b", "", "åäö"])
def test_numbers_and_plain_text_stay(text: str) -> None:
    assert cell(text) == text


def test_machine_formats() -> None:
    local = datetime(2026, 11, 23, 14, 5, tzinfo=timezone(timedelta(hours=1)))

    assert cell(None) == ""
    assert cell(True) == "true"
    assert cell(local) == "2026-11-23T13:05:00Z"
    assert cell(date(2026, 11, 23)) == "2026-11-23"
    assert cell(Decimal("1E+3")) == "1000"
    assert cell(Decimal("-0.10")) == "-0.10"
    assert cell(timedelta(minutes=1, seconds=30)) == "90"


@given(st.text())
def test_no_text_starts_a_formula(text: str) -> None:
    shown = cell(text)

    assert not shown.lstrip(" ").startswith(("=", "@", "\t", "\r"))


class Row:
    """Something with attributes."""

    name = 'a "quoted", name\nof two lines'
    started_at = datetime(2026, 1, 1, tzinfo=UTC)
    site = None


def test_lines_can_be_read_back() -> None:
    columns = [CsvColumn("name"), CsvColumn("site", "site.name"), CsvColumn("n", lambda _row: 3)]

    text = "".join(csv_lines(iter([Row(), Row()]), columns))

    assert text.startswith("\ufeffname,site,n\r\n")
    assert list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))[1:] == [[Row.name, "", "3"]] * 2
