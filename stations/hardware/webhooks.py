"""Events of connections and connectors, read from their journals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from core.webhooks.sources import EventKind, NetworkEvent
from stations.hardware.journal_models import ConnectionJournal, ConnectionKind, StatusJournal
from stations.hardware.models import Station

CONNECTED: Final = "station.connected"
DISCONNECTED: Final = "station.disconnected"
STATUS: Final = "connector.status_changed"
CHUNK: Final = 500
_KINDS: Final = {
    ConnectionKind.CONNECTED: CONNECTED,
    ConnectionKind.DISCONNECTED: DISCONNECTED,
    ConnectionKind.CSMS_OUTAGE: DISCONNECTED,
}


class HardwareEvents:
    """Stations that come and go, connectors whose status changes.

    A connection that a newer one replaced is no disconnection.
    """

    name = "hardware"
    kinds = (
        EventKind(CONNECTED, _("Station connected")),
        EventKind(DISCONNECTED, _("Station disconnected")),
        EventKind(STATUS, _("Connector status changed")),
    )

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterator[NetworkEvent]:
        """Events recorded at ``since`` or later, by journal."""
        if {CONNECTED, DISCONNECTED} & set(kinds):
            yield from _connections(since, operators)
        if STATUS in kinds:
            yield from _statuses(since, operators)


def station_data(station: Station) -> dict[str, Any]:
    """How every event names its station."""
    return {"id": station.public_id, "identity": station.identity, "name": station.name}


def with_stations(rows: Iterable[Any]) -> Iterator[tuple[Any, Station]]:
    """Rows with their stations, read by one query for many; rows of stations gone are left out."""
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        found = Station.objects.in_bulk({row.station_id for row in chunk})
        for row in chunk:
            if row.station_id in found:
                yield row, found[row.station_id]


def _connections(since: datetime, operators: Collection[int]) -> Iterator[NetworkEvent]:
    rows: QuerySet[ConnectionJournal] = ConnectionJournal.objects.filter(
        operator_id__in=operators, received_at__gte=since, kind__in=list(_KINDS)
    ).order_by("received_at", "id")
    for row, station in with_stations(rows.iterator(chunk_size=CHUNK)):
        yield NetworkEvent(
            operator_id=row.operator_id,
            kind=_KINDS[ConnectionKind(row.kind)],
            key=f"connection:{row.id}",
            happened_at=row.happened_at,
            recorded_at=row.received_at,
            data={
                "station": station_data(station),
                "generation": row.generation,
                "ocpp_version": row.ocpp_version,
                "cause": row.kind,
                "close_code": row.close_code,
                "reason": "" if row.kind == ConnectionKind.CONNECTED else row.reason,
            },
        )


def _statuses(since: datetime, operators: Collection[int]) -> Iterator[NetworkEvent]:
    before = StatusJournal.objects.filter(
        station_id=OuterRef("station_id"),
        evse_number=OuterRef("evse_number"),
        connector_number=OuterRef("connector_number"),
        received_at__lt=OuterRef("received_at"),
    ).order_by("-received_at", "-id")
    rows: Any = (
        StatusJournal.objects.filter(operator_id__in=operators, received_at__gte=since)
        .annotate(before=Subquery(before.values("status")[:1]))
        .filter(Q(before=None) | ~Q(before=F("status")))
        .order_by("received_at", "id")
    )
    for row, station in with_stations(rows.iterator(chunk_size=CHUNK)):
        yield NetworkEvent(
            operator_id=row.operator_id,
            kind=STATUS,
            key=f"status:{row.id}",
            happened_at=row.received_at,
            recorded_at=row.received_at,
            data={
                "station": station_data(station),
                "evse": row.evse_number,
                "connector": row.connector_number,
                "status": row.status,
                "before": row.before,
                "status_raw": row.status_raw,
                "error_code": row.error_code,
                "vendor_error_code": row.vendor_error_code,
                "info": row.info,
                "station_at": row.station_at,
            },
        )
