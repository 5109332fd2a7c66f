"""Events of incidents for other systems, read from their timelines."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.webhooks.sources import EventKind, NetworkEvent
from stations.hardware.webhooks import station_data
from stations.incidents.choices import EventKind as LineKind
from stations.incidents.models import Incident, IncidentEvent

OPENED: Final = "incident.opened"
CLOSED: Final = "incident.closed"
CHUNK: Final = 500
_KINDS: Final = {
    LineKind.OPENED: OPENED,
    LineKind.REOPENED: OPENED,
    LineKind.RESOLVED: CLOSED,
    LineKind.MERGED: CLOSED,
}


def incident_data(incident: Incident) -> dict[str, Any]:
    """How every event tells of its incident."""
    return {
        "id": incident.public_id,
        "kind": incident.kind,
        "severity": incident.severity,
        "state": incident.state,
        "summary": incident.summary,
        "error_code": incident.error_code,
        "evse": incident.evse.number if incident.evse else None,
        "first_symptom_at": incident.first_symptom_at,
        "detected_at": incident.detected_at,
        "restored_at": incident.restored_at,
        "resolution": incident.resolution,
        "reopened": incident.reopened,
        "part_of": incident.parent.public_id if incident.parent else None,
        "merged_into": incident.merged_into.public_id if incident.merged_into else None,
        "url": settings.PUBLIC_URL + reverse("incident_detail", args=[incident.public_id]),
    }


SAMPLE: Final = {
    "incident": {
        "id": "inc_7k3m9q2xw5r8t1vb",
        "kind": "faulted",
        "severity": "p2",
        "state": "open",
        "summary": "The station reports: GroundFailure.",
        "error_code": "GroundFailure",
        "evse": 1,
        "first_symptom_at": "2026-05-01T11:58:00Z",
        "detected_at": "2026-05-01T12:00:00Z",
        "restored_at": None,
        "resolution": "",
        "reopened": 0,
        "part_of": None,
        "merged_into": None,
        "url": "https://portal.example/incidents/inc_7k3m9q2xw5r8t1vb/",
    },
    "site": {"id": "site_4h8n2c6d", "name": "Norra torget"},
    "station": {"id": "cs_5j9p3e7f", "identity": "CP-1", "name": "Norra torget 1"},
}
"""An incident as it might be told, for the templates of webhooks."""


class IncidentEvents:
    """Incidents that open (again) and that end; as they are when it is read."""

    name = "incidents"
    kinds = (
        EventKind(OPENED, _("Incident opened"), SAMPLE),
        EventKind(CLOSED, _("Incident over"), SAMPLE),
    )

    def events(
        self, *, since: datetime, operators: Collection[int], kinds: Collection[str]
    ) -> Iterator[NetworkEvent]:
        """Lines written at ``since`` or later. An incident into which another was merged is not
        closed by that."""
        wanted = [line for line, kind in _KINDS.items() if kind in kinds]
        rows = (
            IncidentEvent.objects.filter(operator_id__in=operators, at__gte=since, kind__in=wanted)
            .select_related(
                "incident__site",
                "incident__station",
                "incident__evse",
                "incident__parent",
                "incident__merged_into",
            )
            .order_by("at", "id")
        )
        for line in rows.iterator(chunk_size=CHUNK):
            incident = line.incident
            if line.kind == LineKind.MERGED and incident.merged_into_id is None:
                continue
            kind = _KINDS[LineKind(line.kind)]
            yield NetworkEvent(
                operator_id=line.operator_id,
                kind=kind,
                key=f"{kind}:{line.pk}",
                happened_at=line.at,
                recorded_at=line.at,
                data={
                    "incident": incident_data(incident),
                    "site": {"id": incident.site.public_id, "name": incident.site.name},
                    "station": station_data(incident.station) if incident.station else None,
                },
            )
