"""Reports as CSV (as Swedish spreadsheets read it), XLSX and PDF."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import IO, Any, Final

from billing.accounting.reports.report import Asked, Report, Result
from billing.accounting.reports.report_pdf import report_pdf
from core.lists.cells import defused
from core.lists.export import FORMATS, ProducedFile, file_name
from core.lists.sheets import write_sheet
from core.lists.spec import CsvColumn

REPORT_FORMATS: Final = {**FORMATS, "pdf": "application/pdf"}
_BOM: Final = "\N{BYTE ORDER MARK}"


def produce(report: Report, asked: Asked, result: Result, extension: str) -> ProducedFile:
    """The whole report as a file: semicolons and decimal commas, typed cells, or on paper."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 - handed on
    if extension == "xlsx":
        columns = [
            CsvColumn(column.header, itemgetter(place))
            for place, column in enumerate(result.columns)
        ]
        write_sheet(file, str(report.title), iter(result.file_rows()), columns)
    elif extension == "pdf":
        file.write(report_pdf(report, asked, result))
    else:
        file.write(report_csv(result).encode())
    file.seek(0)
    name = file_name(f"books-{report.name}", extension)
    return ProducedFile(name, REPORT_FORMATS[extension], len(result.rows), file)


def report_csv(result: Result) -> str:
    """Header and rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([column.header for column in result.columns])
    writer.writerows([written(value) for value in row] for row in result.file_rows())
    return _BOM + text.getvalue()


def written(value: Any) -> str:
    """A value as the file has it: a decimal comma, dates as ISO, no formulas."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        shown = value.quantize(Decimal("0.01")) if value == round(value, 2) else value
        return f"{shown:f}".replace(".", ",")
    if isinstance(value, int | date):
        return str(value)
    return defused(str(value))
