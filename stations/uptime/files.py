"""The uptime report as CSV and XLSX: machine formats, all rows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import IO, Any, Final

from core.lists.export import FORMATS, ProducedFile, csv_lines, file_name
from core.lists.sheets import write_sheet
from core.lists.spec import CsvColumn
from stations.uptime.selectors import UptimeRow
from stations.uptime.summary import uk_of


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, 4))


def _minutes(name: str) -> Callable[[UptimeRow], Any]:
    return lambda row: float(round(Fraction(getattr(row.sums, name), 60_000), 4))


COLUMNS: Final = (
    CsvColumn("label"),
    CsvColumn("id", lambda row: "/".join(str(part) for part in row.key)),
    CsvColumn("evses"),
    CsvColumn("availability_pct", lambda row: _rounded(row.availability)),
    CsvColumn("availability_without_excluded_pct", lambda row: _rounded(row.without_excluded)),
    CsvColumn("nevi_ports", "ports"),
    CsvColumn("nevi_ports_above_97", "good_ports"),
    CsvColumn("nevi_lowest_pct", lambda row: _rounded(row.lowest)),
    CsvColumn("uk_a_pct", lambda row: _rounded(uk_of([row.sums]).percent)),
    CsvColumn("uk_b_pct", lambda row: _rounded(uk_of([row.sums]).measured_percent)),
    CsvColumn("in_service_min", _minutes("service")),
    CsvColumn("unknown_min", _minutes("unknown")),
    CsvColumn("outage_min", _minutes("down")),
    CsvColumn("excluded_min", _minutes("excluded")),
    CsvColumn("outages", "sums.starts"),
    CsvColumn("mtbf_h", lambda row: _rounded(row.sums.between_failures_h)),
    CsvColumn("mean_outage_h", lambda row: _rounded(row.sums.restore_h)),
)


def produce(title: str, rows: Sequence[UptimeRow], extension: str) -> ProducedFile:
    """The whole report as a file."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 - handed on
    lines: Iterator[UptimeRow] = iter(rows)
    if extension == "xlsx":
        write_sheet(file, title, lines, list(COLUMNS))
    else:
        for line in csv_lines(lines, list(COLUMNS)):
            file.write(line.encode())
    file.seek(0)
    return ProducedFile(file_name("uptime", extension), FORMATS[extension], len(rows), file)
