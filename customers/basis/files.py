"""The file of a basis, in the layout of its site."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from core.files.store import clean_name
from core.lists.sheets import typed
from customers.basis.layout import COLUMNS, Cell, Frame, Line, table, write_csv
from customers.basis.models import BasisFormat, BasisLayout
from stations.sites.models import Site


def layout_of(site: Site) -> BasisLayout:
    """The site's layout; the usual one, not stored, where none was chosen."""
    found: BasisLayout | None = BasisLayout.objects.filter(site=site).first()
    return found or BasisLayout(site=site, operator_id=site.operator_id)


def write_file(layout: BasisLayout, lines: Sequence[Line], frame: Frame) -> tuple[bytes, str]:
    """Bytes and name of the file."""
    columns = [(str(name), str(heading)) for name, heading in layout.columns]
    rows = table(
        lines, frame, columns, has_headings=layout.has_headings, has_total=layout.has_total
    )
    stem = f"{frame.site} {frame.first_on:%Y-%m}"
    if layout.file_format == BasisFormat.XLSX:
        return _sheet(rows), clean_name(f"{stem}.xlsx", ".xlsx")
    data = write_csv(
        rows,
        separator=layout.separator,
        decimal_sign=layout.decimal_sign,
        encoding=layout.encoding,
    )
    return data, clean_name(f"{stem}.csv", ".csv")


def _sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Underlag")
    for row in rows:
        sheet.append([typed(sheet, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def frame_of(site: Site, first_on: date, last_on: date, currency: str, text: str) -> Frame:
    """What all rows of a month's file share."""
    return Frame(site=site.name, first_on=first_on, last_on=last_on, currency=currency, text=text)


def described(layout: BasisLayout) -> dict[str, Any]:
    """The layout as a basis keeps it."""
    names = (
        "file_format", "columns", "has_headings", "has_total", "separator", "decimal_sign",
        "encoding", "text",
    )  # fmt: skip
    return {name: getattr(layout, name) for name in names}


def is_known_column(name: str) -> bool:
    """Whether there is such a column."""
    return name in COLUMNS
