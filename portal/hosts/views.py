"""The home of hosts and boards, and the page of one of their sites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.middleware import operator_of
from core.accounts.permissions import Permission
from core.charts.figures import column_chart
from core.ui import units
from portal.hosts.files import months_csv, months_pdf
from portal.hosts.overview import (
    Month,
    cost_months,
    costs_of,
    host_places,
    months_of,
    shares_of,
)
from portal.hosts.statements import host_statements
from stations.hardware.selectors import evses
from stations.sites.models import Site
from stations.sites.selectors import sites

LATEST: Final = 6


@permission_required(Permission.HOST_VIEW)
@require_safe
def host_home(request: HttpRequest) -> HttpResponse:
    """All sites of the host: their state now, and energy by month."""
    operator = operator_of(request)
    places, months = host_places(), months_of(operator)
    context = {
        "places": places,
        "tiles": _tiles(months),
        "free": sum(place.available for place in places),
        "evse_count": sum(place.evses for place in places),
        "charging": sum(place.charging for place in places),
        "months": months[::-1],
        "chart": _chart(months),
        "statements": host_statements(operator)[:LATEST],
    }
    return render(request, "hosts/home.html", context)


@permission_required(Permission.HOST_VIEW)
@require_safe
def host_places_now(request: HttpRequest) -> HttpResponse:
    """The states alone, fetched again and again."""
    return render(request, "hosts/_places.html", {"places": host_places()})


@permission_required(Permission.HOST_VIEW)
@require_safe
def host_site(request: HttpRequest, public_id: str) -> HttpResponse:
    """One site: connectors now, availability, energy by month, and costs where they are shown."""
    operator, site = operator_of(request), _site(public_id)
    wanted = request.GET.get("format", "")
    months, costs = months_of(operator, site), cost_months(costs_of(operator, [site]))
    if wanted == "csv":
        return months_csv(site, months, costs)
    if wanted == "pdf":
        return months_pdf(site, months, costs)
    context = {
        "site": site,
        "evses": _evses(site),
        "shares": shares_of(site, timezone.now()),
        "tiles": _tiles(months),
        "months": months[::-1],
        "chart": _chart(months),
        "costs": costs[::-1],
    }
    return render(request, "hosts/site.html", context)


@permission_required(Permission.HOST_VIEW)
@require_safe
def host_site_now(request: HttpRequest, public_id: str) -> HttpResponse:
    """The connectors of a site alone, fetched again and again."""
    site = _site(public_id)
    return render(request, "hosts/_evses.html", {"site": site, "evses": _evses(site)})


def _site(public_id: str) -> Site:
    site: Site = get_object_or_404(sites().select_related("operator"), public_id=public_id)
    return site


def _evses(site: Site) -> list[Any]:
    rows = evses().filter(station__site=site, retired_on=None, station__retired_on=None)
    return list(
        rows.select_related("station__link").order_by("station__name", "station_id", "number")
    )


def _tiles(months: Sequence[Month]) -> list[tuple[str, str, str]]:
    """Label, value and note of this month and the last."""
    now, last = months[-1], months[-2]
    return [
        (_("Energy this month"), units.quantity(now.energy_kwh, "kWh"), _sessions(now)),
        (_("Energy last month"), units.quantity(last.energy_kwh, "kWh"), _sessions(last)),
    ]


def _sessions(month: Month) -> str:
    return ngettext("%(count)d session", "%(count)d sessions", month.sessions) % {
        "count": month.sessions
    }


def _chart(months: Sequence[Month]) -> dict[str, Any]:
    return column_chart(
        [
            (
                f"{one.month_on:%Y-%m}",
                float(one.energy_kwh),
                units.quantity(one.energy_kwh, "kWh", decimals=1),
            )
            for one in months
        ],
        _("Energy"),
        shown_top=lambda top: units.quantity(top, "kWh"),
    )
