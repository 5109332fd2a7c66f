"""What stations journal, and what is made of it, for the tests of uptime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from stations.hardware.models import Station
from stations.uptime import rebuilding
from stations.uptime.models import Outage, UptimeDay, UptimeState
from tests.factories.stations import make_session, make_station

NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)
HOUR = 3_600_000


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of March 2026 by the clock of Stockholm (UTC+1)."""
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hour - 1, minutes=minute)


def told(
    station: Station,
    received_at: datetime,
    status: str,
    *,
    evse: int = 1,
    connector: int = 1,
    station_at: datetime | None = None,
    generation: int = 1,
    code: str = "",
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stations_statusjournal (received_at, operator_id, station_id, evse_number,"
            " connector_number, status, status_raw, error_code, station_at, generation)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                received_at,
                station.operator_id,
                station.pk,
                evse,
                connector,
                status,
                status,
                code,
                station_at or received_at,
                generation,
            ],
        )


def linked(
    station: Station, happened_at: datetime, kind: str, generation: int, late_s: int = 0
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stations_connectionjournal (received_at, happened_at, operator_id,"
            " station_id, generation, kind) VALUES (%s, %s, %s, %s, %s, %s)",
            [
                happened_at + timedelta(seconds=late_s),
                happened_at,
                station.operator_id,
                station.pk,
                generation,
                kind,
            ],
        )


def station_with(**fields: Any) -> Station:
    station = make_station(**fields)
    linked(station, at(1), "connected", 1)
    told(station, at(1), "available")
    return station


def rebuild(station: Station, now: datetime = NOW, *, everything: bool = False) -> None:
    UptimeState.objects.get_or_create(station=station, operator=station.operator)
    state = UptimeState.objects.select_related("station__site").get(station=station)
    rebuilding.rebuild(state=state, now=now, everything=everything)


def hours(station: Station, day: int, evse: int = 1) -> dict[str, float]:
    row = UptimeDay.objects.get(station=station, evse__number=evse, day_on=at(day, 12).date())
    names = ("service_ms", "unknown_ms", "down_ms", "excluded_ms", "closed_ms")
    return {name.removesuffix("_ms"): getattr(row, name) / HOUR for name in names}


def outages(station: Station) -> list[tuple[int, str, datetime, datetime | None]]:
    rows = Outage.objects.filter(station=station).order_by("evse__number", "began_at", "kind")
    return list(rows.values_list("evse__number", "kind", "began_at", "ended_at"))


def tried(station: Station, started_at: datetime | None, energy_wh: int, token: str) -> None:
    make_session(
        station=station, evse_number=1, state="ended", started_at=started_at,
        first_received_at=started_at or at(5, 8), energy_wh=energy_wh, id_token=token,
        reconciled_at=started_at or at(5, 8),
    )  # fmt: skip


def everything(station: Station) -> tuple[list[Any], list[Any]]:
    days = UptimeDay.objects.filter(station=station).order_by("evse__number", "day_on")
    names = [f.name for f in UptimeDay._meta.fields if f.name not in ("id", "evse")]
    found = Outage.objects.filter(station=station).order_by("evse__number", "began_at", "kind")
    columns = ("evse__number", "kind", "cause", "began_at", "ended_at", "error_code")
    return list(days.values_list("evse__number", *names)), list(found.values_list(*columns))
