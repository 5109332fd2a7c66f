"""XLSX: the filtered rows with cells of their own types."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import Operator
from core.lists.sheets import write_sheet
from core.lists.spec import CsvColumn
from core.lists.tests.conftest import make_entries

NOON = datetime(2026, 7, 1, 12, 30)  # noqa: DTZ001 - sheets know no zones
FORMULA = '=HYPERLINK("http://evil")'


class Row:
    """A value of every kind."""

    at = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
    day_on = date(2026, 7, 1)
    energy_wh = 12_345
    price = Decimal("-1.25")
    took = timedelta(seconds=90)
    is_held = True
    label = FORMULA
    bad = "a\x00b\x0b\ud800"
    number = 10**17
    nothing = None


def sheet_of(rows: list[Any], *names: str) -> Any:
    file = io.BytesIO()
    with timezone.override(ZoneInfo("Europe/Stockholm")):
        write_sheet(file, "Rows / 1", iter(rows), [CsvColumn(name) for name in names])
    return openpyxl.load_workbook(file).active


def test_every_value_has_its_own_type() -> None:
    sheet = sheet_of(
        [Row()], "at", "day_on", "energy_wh", "price", "took", "is_held", "label", "bad", "number",
        "nothing",
    )  # fmt: skip

    head, first = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert head[:2] == ["at (Europe/Stockholm)", "day_on"]
    assert first == [
        NOON, NOON.replace(hour=0, minute=0), 12_345, -1.25, 90, True, FORMULA,
        "ab", "100000000000000000", None,
    ]  # fmt: skip
    assert sheet["G2"].data_type == "s"
    assert sheet["A2"].number_format == "yyyy-mm-dd hh:mm:ss"


@pytest.mark.django_db
@pytest.mark.urls("core.lists.tests.pages")
def test_the_download_has_exactly_the_filtered_rows(olga: Client, operator: Operator) -> None:
    make_entries(operator, 30)

    answer = olga.get("/entries/?q=CP-000&sort=object_label&format=xlsx")

    body = b"".join(cast(Any, answer).streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.values)  # type: ignore[union-attr]  # it has a sheet
    assert rows[0] == ("at (Europe/Stockholm)", "object_label", "verb", "reason")
    assert [row[1] for row in rows[1:]] == [f"CP-{n:04}" for n in range(10)]
    assert answer["Content-Disposition"].endswith('Z.xlsx"')
