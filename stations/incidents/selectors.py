"""Reading incidents, within the operator and the sites in scope."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.accounts.models import Membership, User
from core.accounts.permissions import Permission, Role, allowed
from stations.incidents.models import IS_LIVE, Incident, IncidentEvent

_PLACES = ("site", "station", "evse", "owner")


def incidents() -> QuerySet[Incident]:
    """All incidents with their places, the latest detected first."""
    found: QuerySet[Incident] = Incident.objects.select_related(*_PLACES)
    return found


def live_incidents() -> QuerySet[Incident]:
    """What is still wrong, the most serious first and of these the oldest."""
    return incidents().filter(IS_LIVE).order_by("severity", "first_symptom_at", "pk")


def events_of(incident: Incident) -> QuerySet[IncidentEvent]:
    """The timeline in order."""
    found: QuerySet[IncidentEvent] = incident.events.order_by("at", "pk")
    return found


def owners() -> QuerySet[User]:
    """Members who may work on incidents."""
    roles = [role for role in Role if allowed(role, Permission.INCIDENT_WORK)]
    members = Membership.objects.filter(role__in=roles).values("user_id")
    return User.objects.filter(pk__in=members, is_active=True).order_by("name", "email", "pk")


def parts_of(incident: Incident) -> QuerySet[Incident]:
    """What belongs to an incident, and what was merged into it."""
    return (
        incidents()
        .filter(Q(parent=incident) | Q(merged_into=incident))
        .order_by("state", "first_symptom_at", "pk")
    )
