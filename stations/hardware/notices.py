"""Events of stations that people are told of: away for long, connector in fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission, Role
from core.notifications.events import EventKind, Occurrence, Search
from stations.hardware.choices import ConnectorStatus
from stations.hardware.journal_models import StatusJournal
from stations.hardware.models import Connector, Station, StationLink

WATCHFUL = frozenset({Role.OWNER, Role.CONTROL_ROOM, Role.TECHNICIAN})


def _place(station: Station) -> dict[str, Any]:
    return {"station": str(station), "site": station.site.name}


def find_offline(search: Search) -> Iterator[Occurrence]:
    """Stations in use whose connection ended so long ago, and has not come back."""
    links = StationLink.objects.filter(
        station__operator=search.operator,
        station__retired_on=None,
        is_connected=False,
        disconnected_at__gt=search.since - search.delay,
        disconnected_at__lte=search.until - search.delay,
    ).select_related("station__site")
    for link in links:
        assert link.disconnected_at is not None
        yield Occurrence(
            key=f"{link.station_id}:{link.generation}",
            happened_at=link.disconnected_at,
            params=_place(link.station) | {"minutes": int(search.delay.total_seconds() // 60)},
            url=reverse("station_detail", args=[link.station.public_id]),
            place_id=link.station.site_id,
        )


def find_faults(search: Search) -> Iterator[Occurrence]:
    """Connectors in fault; a fault that is reported again and again is one."""
    healthy = (
        StatusJournal.objects.filter(
            station_id=OuterRef("evse__station_id"),
            evse_number=OuterRef("evse__number"),
            connector_number=OuterRef("number"),
        )
        .exclude(status=ConnectorStatus.FAULTED)
        .order_by("-received_at", "-id")
        .values("received_at")[:1]
    )
    connectors = (
        Connector.objects.filter(
            status=ConnectorStatus.FAULTED,
            status_received_at__gt=search.since,
            status_received_at__lte=search.until,
            evse__station__retired_on=None,
        )
        .select_related("evse__station__site")
        .annotate(healthy_at=Subquery(healthy))
    )
    for connector in connectors:
        station = connector.evse.station
        params = {"evse": str(connector.evse), "error": connector.error_code or ""}
        yield Occurrence(
            key=f"{connector.pk}:{connector.healthy_at or ''}",
            happened_at=connector.status_received_at,
            params=_place(station) | params,
            url=reverse("station_detail", args=[station.public_id]),
            place_id=station.site_id,
        )


def _offline_words(params: Mapping[str, Any]) -> str:
    return _("%(station)s at %(site)s has had no contact for %(minutes)s minutes.") % params


def _fault_words(params: Mapping[str, Any]) -> str:
    if params.get("error"):
        return _("%(evse)s of %(station)s at %(site)s is in fault: %(error)s") % params
    return _("%(evse)s of %(station)s at %(site)s is in fault.") % params


def events() -> list[EventKind]:
    """Away for long, and in fault."""
    return [
        EventKind(
            name="station.offline",
            label=gettext_lazy("Station offline"),
            permission=Permission.NETWORK_VIEW,
            find=find_offline,
            words=_offline_words,
            defaults={"page": WATCHFUL, "email": frozenset({Role.CONTROL_ROOM})},
            delay_minutes=15,
        ),
        EventKind(
            name="connector.faulted",
            label=gettext_lazy("Connector in fault"),
            permission=Permission.NETWORK_VIEW,
            find=find_faults,
            words=_fault_words,
            defaults={"page": WATCHFUL, "email": frozenset({Role.CONTROL_ROOM})},
        ),
    ]
