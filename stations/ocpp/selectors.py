"""Reading what the protocol leaves behind."""

from __future__ import annotations

from django.db.models import QuerySet

from stations.ocpp.models import (
    AuthorisationAttempt,
    ChargingProfile,
    Reservation,
    StationEvent,
)


def attempts() -> QuerySet[AuthorisationAttempt]:
    """Authorisation attempts of the operator in scope with their stations, newest first."""
    return AuthorisationAttempt.objects.select_related("station").order_by("-at", "-id")


def reservations() -> QuerySet[Reservation]:
    """Reservations of the operator in scope with their stations, newest first."""
    return Reservation.objects.select_related("station").order_by("-created_at", "-id")


def profiles() -> QuerySet[ChargingProfile]:
    """Stored charging profiles of the operator in scope by number."""
    rows: QuerySet[ChargingProfile] = ChargingProfile.objects.order_by("number", "id")
    return rows


def events() -> QuerySet[StationEvent]:
    """Station events of the operator in scope with their stations, newest first."""
    return StationEvent.objects.select_related("station").order_by("-received_at", "-id")
