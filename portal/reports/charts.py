"""The figures of the reports as contexts of their templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from core.charts.columns import rounded_top
from core.charts.draw import Part
from core.charts.figures import column_chart, heat_map
from core.ui import units
from portal.reports.connections import StationsReport
from portal.reports.energy import EnergyReport
from portal.reports.hours import Hour

MOST_COLUMNS: Final = 366
SHADES: Final = 5


def energy_chart(report: EnergyReport) -> dict[str, Any]:
    """A column for each row: energy."""
    rows = report.rows[:MOST_COLUMNS]
    return column_chart(
        [(row.label, float(row.energy_wh), units.energy(row.energy_wh)) for row in rows],
        _("Energy"),
        shown_top=units.energy,
    )


def week_chart(hours: Sequence[Hour]) -> dict[str, Any]:
    """Seven rows of 24 hours; the darkest shade is the busiest hour's."""
    busiest = max((hour.share or 0.0 for hour in hours), default=0.0)
    top = min(rounded_top(busiest), 1.0) if busiest else 1.0
    rows = [
        (
            str(WEEKDAYS_ABBR[day]),
            [
                (f"{hour.hour:02d}–{hour.hour + 1:02d}", hour.share, units.percent(hour.share, 1))
                for hour in hours
                if hour.weekday == day
            ],
        )
        for day in range(7)
    ]
    ticks = [f"{hour:02d}" for hour in (0, 6, 12, 18, 24)]
    return heat_map(rows, _("Share of time occupied"), top=top, shades=SHADES, ticks=ticks)


def band_text(lowest: float | None) -> str:
    """A band of connection quality in words."""
    if lowest is None:
        return _("not known")
    if lowest == 0:
        return _("below 95 %")
    return _("%(share)s or more") % {"share": units.percent(lowest, 1)}


def band_parts(report: StationsReport) -> list[Part]:
    """Stations by how much of the time they were connected."""
    return [Part(band_text(low), count, tone, str(count)) for low, tone, count in report.bands]
