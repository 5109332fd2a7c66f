"""The tabs of a station that need sessions: overview and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.decorators import permission_required
from core.accounts.permissions import Permission
from stations.hardware.models import Connector, Evse, Station
from stations.hardware.page import find_station, station_context
from stations.hardware.severity import worst
from stations.sessions.models import Session, SessionState


@dataclass(frozen=True, slots=True)
class EvseRow:
    """One EVSE of the overview with its connectors and the session that runs there."""

    evse: Evse
    connectors: list[Connector]
    session: Session | None

    @property
    def status(self) -> str:
        """The worst status of its connectors."""
        return worst(connector.status for connector in self.connectors)


def evse_rows(station: Station) -> list[EvseRow]:
    """EVSEs of a station with what happens there now; three queries."""
    running = Session.objects.filter(state=SessionState.ACTIVE)
    evses = (
        Evse.objects.filter(station=station, retired_on=None)
        .prefetch_related(
            Prefetch("connectors", Connector.objects.filter(retired_on=None).order_by("number")),
            Prefetch("sessions", running, to_attr="running"),
        )
        .order_by("number")
    )
    return [
        EvseRow(evse, list(evse.connectors.all()), next(iter(evse.running), None)) for evse in evses
    ]


def _overview(request: HttpRequest, public_id: str) -> dict[str, Any]:
    station = find_station(public_id)
    return station_context(request, station, "overview") | {"evses": evse_rows(station)}


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Overview of a station: connectors live, what it is, what it runs."""
    context = _overview(request, public_id)
    recent = Session.objects.select_related("station__site", "evse").filter(
        station=context["station"]
    )
    context["retired_evses"] = list(
        Evse.objects.filter(station=context["station"]).exclude(retired_on=None).order_by("number")
    )
    context["recent_sessions"] = list(recent.order_by("-first_received_at", "-id")[:5])
    return render(request, "stations/hardware/station_detail.html", context)


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_live(request: HttpRequest, public_id: str) -> HttpResponse:
    """The connectors of the overview, fetched again when something changed."""
    return render(request, "stations/hardware/_connectors.html", _overview(request, public_id))


@permission_required(Permission.NETWORK_VIEW)
@require_safe
def station_header(request: HttpRequest, public_id: str) -> HttpResponse:
    """Status and connection in the header, fetched again when something changed."""
    context = station_context(request, find_station(public_id), "")
    return render(request, "stations/hardware/_station_header.html", context)
