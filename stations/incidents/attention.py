"""Incidents that nobody has seen yet, among what needs attention."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from stations.incidents.choices import IncidentState, Severity
from stations.incidents.selectors import incidents
from stations.incidents.words import explained, place_of

UNSEEN: Final = Reason(
    "incident_open", gettext_lazy("Incident nobody has seen"), "bad", "alert-triangle"
)


class IncidentAttention:
    """One query: serious incidents that are open, not resting and no part of another."""

    permission = Permission.NETWORK_VIEW
    reasons = (UNSEEN,)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """P1 and P2, which keep somebody from charging."""
        rows = incidents().filter(
            Q(snoozed_until_at=None) | Q(snoozed_until_at__lte=now),
            state=IncidentState.OPEN,
            parent=None,
            severity__in=[Severity.P1, Severity.P2],
        )
        for incident in rows:
            yield Concern(
                reason=UNSEEN,
                subject=place_of(incident),
                text=explained(incident) or incident.get_kind_display(),
                since_at=incident.first_symptom_at,
                url=reverse("incident_detail", args=[incident.public_id]),
                place_ref=incident.site.public_id,
                place=incident.site.name,
            )


source = IncidentAttention()
