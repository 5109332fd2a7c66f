"""Reading stations and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from core.errors import InvalidInput
from stations.hardware import fleet
from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import Connector, DeviceVariable, Evse, Station


def find_station(ref: str) -> Station | None:
    """The station with socket identity (in any case) or public id ``ref``."""
    rows = Station.objects.select_related("site", "link")
    station: Station | None = rows.filter(identity__iexact=ref).first()
    return station or rows.filter(public_id=ref).first()


def station_or_404(ref: str) -> Station:
    """The station with socket identity or public id ``ref``; Http404 when there is none."""
    station = find_station(ref)
    if station is None:
        raise Http404
    return station


def stations_named(refs: Iterable[str]) -> list[Station]:
    """The stations with these socket identities or public ids, each once, by name;
    InvalidInput names those that are not there."""
    wanted = list(refs)
    condition = Q(public_id__in=wanted)
    for ref in wanted:
        condition |= Q(identity__iexact=ref)
    found = list(Station.objects.filter(condition).order_by("name", "id"))
    names = {s.public_id for s in found} | {s.identity.upper() for s in found}
    missing = [ref for ref in wanted if ref not in names and ref.upper() not in names]
    if missing:
        raise InvalidInput(
            "unknown_station", "There is no station " + ", ".join(missing), field="stations"
        )
    return found


def stations() -> QuerySet[Station]:
    """All stations of the operator in scope, with site, link, ``worst``, EVSEs, connectors."""
    return fleet.stations().prefetch_related(Prefetch("evses", evses())).order_by("name", "id")


def evses() -> QuerySet[Evse]:
    """All EVSEs of the operator in scope, with station, connectors and worst ``status``."""
    rows: QuerySet[Evse] = Evse.objects.select_related("station__site")
    return (
        rows.annotate(status=fleet.worst_status(evse=OuterRef("pk")))
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
