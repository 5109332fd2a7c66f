"""Incidents for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.tenancy.scopes import across_operators
from stations.hardware.models import Evse, Station
from stations.incidents.models import Incident
from stations.incidents.opening import Trouble, open_or_touch
from stations.incidents.remedy_models import RemedyRun
from tests.factories.core import number


def make_incident(station: Station, **fields: Any) -> Incident:
    """A live incident of a fault at the station's first EVSE, since ten minutes ago."""
    now = timezone.now()
    with across_operators("tests make rows of any operator"):
        evse: Evse = Evse.objects.filter(station=station).order_by("number")[0]
        values: dict[str, Any] = {
            "kind": "faulted", "severity": "p2", "key": f"faulted:{number()}", "evse": evse,
            "symptom_at": now - timedelta(minutes=10), "error_code": "InternalError",
        } | fields  # fmt: skip
        trouble = Trouble(site=station.site, station=station, **values)
        return open_or_touch(trouble, now=now)


def make_run(incident: Incident) -> RemedyRun:
    """A run that soft reset ended well."""
    with across_operators("tests make rows of any operator"):
        made: RemedyRun = RemedyRun.objects.create(
            operator=incident.operator, public_id=f"rem_{number()}", incident=incident,
            site=incident.site, station=incident.station, evse=incident.evse,
            fault_class="transient", steps=[{"action": "soft_reset", "wait_s": 60}],
            state="succeeded", why="works", helped_by="soft_reset", saved_s=3600,
            ended_at=timezone.now(),
        )  # fmt: skip
    return made
