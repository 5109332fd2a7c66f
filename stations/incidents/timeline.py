"""The timeline of an incident: writing a line, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.audit.services import current_actor, plain
from stations.incidents.models import Incident, IncidentEvent


def write(
    incident: Incident,
    kind: str,
    *,
    at: datetime | None = None,
    text: str = "",
    facts: Mapping[str, Any] | None = None,
    ref: str = "",
    actor: str | None = None,
) -> IncidentEvent:
    """Add a line, in the caller's transaction; ``actor`` defaults to whoever acts."""
    made: IncidentEvent = IncidentEvent.objects.create(
        operator_id=incident.operator_id,
        incident=incident,
        at=at or timezone.now(),
        kind=kind,
        actor_label=(current_actor.get().label if actor is None else actor)[:200],
        text=text[:500],
        facts=plain(facts or {}),
        ref=ref[:60],
    )
    return made
