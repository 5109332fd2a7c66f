"""The use of a station: energy, power and availability by day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from core.charts.figures import column_chart
from core.ui import units
from stations.hardware.page import find_station, station_context
from stations.hardware.tab_views import PERIODS
from stations.sessions.use import station_use


@permission_required(Permission.SESSION_VIEW)
@require_safe
def station_use_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Charts with the same numbers as a table; 7 or 30 days."""
    station = find_station(public_id)
    days = 30 if request.GET.get("days") == "30" else 7
    rows = station_use(station, days, timezone.now())
    context = station_context(request, station, "use") | {
        "days": days,
        "periods": [period for period in PERIODS.values() if period > 1],
        "rows": rows[::-1],
        "zone": station.site.time_zone,
        "charts": [
            column_chart(
                [(str(r.day), float(r.energy_wh), units.energy(r.energy_wh)) for r in rows],
                _("Energy by day"),
                shown_top=units.energy,
            ),
            column_chart(
                [(str(r.day), float(r.peak_w or 0), units.power(r.peak_w)) for r in rows],
                _("Highest power of an hour, by day"),
                shown_top=units.power,
                tone="paused",
            ),
            column_chart(
                [(str(r.day), r.available or 0.0, units.percent(r.available, 1)) for r in rows],
                _("Availability by day"),
                shown_top=units.percent,
                tone="ok",
            ),
        ],
    }
    return render(request, "stations/sessions/station_use.html", context)
