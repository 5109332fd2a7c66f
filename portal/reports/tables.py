"""The reports as CSV: machine formats, all rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.http import HttpResponse
from django.utils import timezone

from core.lists.export import csv_lines
from core.lists.spec import CsvColumn

ENERGY: Final = (
    CsvColumn("label"),
    CsvColumn("id", "ref"),
    CsvColumn("sessions"),
    CsvColumn("energy_wh"),
    CsvColumn("plugged_in_s", "plugged_in"),
    CsvColumn("held"),
)
HOURS: Final = (
    CsvColumn("weekday", lambda row: row.weekday + 1),
    CsvColumn("hour"),
    CsvColumn("share", lambda row: rounded(row.share)),
    CsvColumn("occupied_s", lambda row: round(row.occupied_s)),
    CsvColumn("available_s", lambda row: round(row.available_s)),
)
STATIONS: Final = (
    CsvColumn("station", "station.name"),
    CsvColumn("station_id", "station.public_id"),
    CsvColumn("site", "station.site.name"),
    CsvColumn("vendor", "station.vendor"),
    CsvColumn("model", "station.model"),
    CsvColumn("firmware_version", "station.firmware_version"),
    CsvColumn("is_connected"),
    CsvColumn("disconnects", "losses"),
    CsvColumn("disconnects_per_day", lambda row: rounded(row.losses_per_day)),
    CsvColumn("connected_share", lambda row: rounded(row.connected_share)),
)


def rounded(share: float | None) -> float | None:
    """Four decimals are enough for a share."""
    return None if share is None else round(share, 4)


def csv_response(name: str, columns: Sequence[CsvColumn], rows: Iterable[Any]) -> HttpResponse:
    """The download; its name is the report and the time in UTC."""
    body = "".join(csv_lines(iter(rows), list(columns)))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    file = f"report-{name}-{timezone.now():%Y-%m-%dT%H%MZ}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Cache-Control"] = "no-store"
    return response
