"""XLSX with typed cells: numbers are numbers, dates are dates, text is never a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import IO, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from core.errors import RuleViolation
from core.lists.cells import cell as text_of
from core.lists.spec import CsvColumn

MOST_ROWS: Final = 200_000
"""A sheet holds more, but nobody opens it."""
MOST_CHARACTERS: Final = 32_767
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_EXACT: Final = 10**15
_MOMENT: Final = "yyyy-mm-dd hh:mm:ss"
_DAY: Final = "yyyy-mm-dd"
_TITLE: Final = re.compile(r"[\\/*?:\[\]]")


def write_sheet(file: IO[bytes], title: str, rows: Iterator[Any], columns: list[CsvColumn]) -> int:
    """Write a workbook of one sheet; returns how many rows it has.

    A column of instants names the current zone in its header, in which it is given. Raises
    RuleViolation for more than MOST_ROWS rows.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_TITLE.sub(" ", title)[:31])
    first = [row for _n, row in zip(range(200), rows, strict=False)]
    sheet.append([_header(sheet, column, first) for column in columns])
    count = 0
    for row in _all(first, rows):
        count += 1
        if count > MOST_ROWS:
            raise RuleViolation(
                "too_many_rows",
                _("A sheet takes at most %(count)s rows: narrow the filters or take the CSV.")
                % {"count": MOST_ROWS},
            )
        sheet.append([typed(sheet, column.value(row)) for column in columns])
    book.save(file)
    return count


def _all(first: list[Any], rest: Iterator[Any]) -> Iterator[Any]:
    yield from first
    yield from rest


def _header(sheet: Any, column: CsvColumn, sample: list[Any]) -> Any:
    name = column.name
    if (
        name.endswith("_at")
        or name == "at"
        or any(isinstance(column.value(row), datetime) for row in sample)
    ):
        name = f"{name} ({timezone.get_current_timezone_name()})"
    made = WriteOnlyCell(sheet, value=name)
    made.font = Font(bold=True)
    return made


def typed(sheet: Any, value: object) -> Any:
    """A cell of the value's own type."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | int | float | Decimal | timedelta | date):
        return _number(sheet, value)
    text = str(value.value if isinstance(value, Enum) else value)
    if isinstance(value, Enum) and not isinstance(value.value, str):
        return _number(sheet, value.value)
    made = WriteOnlyCell(sheet, value=_UNSAFE.sub("", text)[:MOST_CHARACTERS])
    made.data_type = "s"
    return made


def _number(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        made = WriteOnlyCell(sheet, value=timezone.localtime(value).replace(tzinfo=None))
        made.number_format = _MOMENT
        return made
    if isinstance(value, date):
        made = WriteOnlyCell(sheet)
        made.value = value
        made.number_format = _DAY
        return made
    if isinstance(value, timedelta):
        return WriteOnlyCell(sheet, value=value.total_seconds())
    if not isinstance(value, bool) and abs(value) >= _EXACT:
        made = WriteOnlyCell(sheet, value=text_of(value))  # Excel has 15 digits
        made.data_type = "s"
        return made
    return WriteOnlyCell(sheet, value=value)
