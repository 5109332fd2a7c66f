"""Reading stations and what belongs to them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import Connector, DeviceVariable, Evse, Station


def find_station(ref: str) -> Station | None:
    """The station with socket identity (in any case) or public id ``ref``."""
    stations = Station.objects.select_related("site", "link")
    return stations.filter(identity__iexact=ref).first() or stations.filter(public_id=ref).first()


def stations() -> QuerySet[Station]:
    """All stations of the operator in scope, with site, link, EVSEs and connectors."""
    return (
        Station.objects.select_related("site", "link")
        .prefetch_related(Prefetch("evses", evses()))
        .order_by("name", "id")
    )


def evses() -> QuerySet[Evse]:
    """All EVSEs of the operator in scope, with station and connectors."""
    return (
        Evse.objects.select_related("station__site")
        .prefetch_related(Prefetch("connectors", Connector.objects.order_by("number")))
        .order_by("station_id", "number")
    )


def connectors() -> QuerySet[Connector]:
    """All connectors of the operator in scope, with EVSE and station."""
    return Connector.objects.select_related("evse__station__site").order_by(
        "evse__station_id", "evse__number", "number"
    )


def variables(station: Station) -> QuerySet[DeviceVariable]:
    """Configuration keys and device-model values of a station."""
    return DeviceVariable.objects.filter(station=station).order_by(
        "component", "component_instance", "evse_number", "connector_number", "variable", "id"
    )


def status_journal(station: Station) -> QuerySet[StatusJournal]:
    """Every status the station reported, newest first."""
    return StatusJournal.objects.filter(
        operator_id=station.operator_id, station_id=station.pk
    ).order_by("-received_at", "-id")


def connection_journal(station: Station) -> QuerySet[ConnectionJournal]:
    """Every change of the station's connection, newest first."""
    return ConnectionJournal.objects.filter(
        operator_id=station.operator_id, station_id=station.pk
    ).order_by("-received_at", "-id")
