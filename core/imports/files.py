"""Files that imports hand out: templates, what was wrong, the original."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from core.imports.plan import Problem
from core.imports.spec import ImportSpec
from core.lists.cells import defused


def template_csv(spec: ImportSpec) -> bytes:
    """The header and one example."""
    return _csv([_header(spec), [column.example for column in spec.columns]])


def template_xlsx(spec: ImportSpec) -> bytes:
    """The same as a sheet; every column is text, so that nothing is turned into a number."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = str(spec.title)[:31]
    sheet.append(_header(spec))
    sheet.append([column.example for column in spec.columns])
    for number, column in enumerate(sheet.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = 22
        for cell in column:
            cell.number_format = "@"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def problems_csv(problems: Sequence[Problem]) -> bytes:
    """Line, column, value, reason and cure of everything that is wrong."""
    rows = [["line", "column", "value", "reason", "cure"]]
    rows += [[str(p.line), p.column, p.value, p.reason, p.cure] for p in problems]
    return _csv(rows)


def _header(spec: ImportSpec) -> list[str]:
    return [column.name for column in spec.columns]


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([[defused(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
