"""The energy balance as CSV and XLSX: machine formats, all rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Final

from billing.energy.balance_facts import SiteBalance
from core.lists.export import FORMATS, ProducedFile, csv_lines, file_name
from core.lists.sheets import write_sheet
from core.lists.spec import CsvColumn

COLUMNS: Final = (
    CsvColumn("site", "site.name"),
    CsvColumn("site_id", "site.public_id"),
    CsvColumn("month", lambda one: f"{one.row.month_on:%Y-%m}"),
    CsvColumn("sessions", "row.sessions"),
    CsvColumn("bought_kwh", "row.bought_kwh"),
    CsvColumn("delivered_kwh", "row.delivered_kwh"),
    CsvColumn("loss_kwh", "row.loss_kwh"),
    CsvColumn("loss_percent", "row.loss_percent"),
    CsvColumn("currency", "row.currency"),
    CsvColumn("revenue_net", "row.revenue"),
    CsvColumn("electricity_net", "row.electricity"),
    CsvColumn("grid_net", "row.grid"),
    CsvColumn("power_net", "row.power"),
    CsvColumn("cost_net", "row.cost"),
    CsvColumn("margin_net", "row.margin"),
    CsvColumn("margin_per_kwh", "row.margin_per_kwh"),
    CsvColumn("state", lambda one: one.row.state.value),
    CsvColumn("doubts", lambda one: " ".join(doubt.value for doubt in one.row.doubts)),
)


def produce(title: str, rows: Sequence[SiteBalance], extension: str) -> ProducedFile:
    """The whole balance as a file."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 - handed on
    lines: Iterator[SiteBalance] = iter(rows)
    if extension == "xlsx":
        write_sheet(file, title, lines, list(COLUMNS))
    else:
        for line in csv_lines(lines, list(COLUMNS)):
            file.write(line.encode())
    file.seek(0)
    return ProducedFile(file_name("energy-balance", extension), FORMATS[extension], len(rows), file)
