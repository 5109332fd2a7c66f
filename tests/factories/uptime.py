"""Outages, days of uptime and stated causes for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.hardware.models import Evse, Station
from stations.uptime.models import CauseStatement, Outage, UptimeDay
from tests.factories.core import number

_WHY = "tests make rows of any operator"
HOUR_MS = 3_600_000


def make_outage(station: Station, **fields: Any) -> Outage:
    """An outage of an hour of the station's first EVSE, on a day of its own figures."""
    began_at = timezone.now() - timedelta(hours=30, seconds=number())
    values = {
        "kind": "faulted", "cause": "hardware", "began_at": began_at,
        "ended_at": began_at + timedelta(hours=1), "error_code": "GroundFailure",
    } | fields  # fmt: skip
    with across_operators(_WHY):
        evse: Evse = Evse.objects.filter(station=station).order_by("number")[0]
        where = {
            "operator": station.operator, "site": station.site, "station": station, "evse": evse,
        }  # fmt: skip
        outage: Outage = Outage.objects.create(**where, **values)
        UptimeDay.objects.create(
            **where, day_on=began_at.date(), service_ms=24 * HOUR_MS, unknown_ms=0,
            down_ms=HOUR_MS, excluded_ms=0, closed_ms=0, open_unreliable_ms=HOUR_MS,
            open_unmeasured_ms=0, starts=1, by_kind={"faulted": HOUR_MS},
            by_cause={"hardware": HOUR_MS},
        )  # fmt: skip
    return outage


def make_cause(station: Station, **fields: Any) -> CauseStatement:
    """A proposed cause of vandalism at a station over two days."""
    values = {
        "public_id": f"cau_{number()}", "cause": "vandalism", "reason": "Cable cut",
        "began_at": timezone.now() - timedelta(days=2), "ended_at": timezone.now(),
        "stated_by": "Olga",
    } | fields  # fmt: skip
    with across_operators(_WHY):
        made: CauseStatement = CauseStatement.objects.create(
            operator=station.operator, site=station.site, station=station, **values
        )
    return made
