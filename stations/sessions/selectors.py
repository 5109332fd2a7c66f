"""Reading sessions and their readings."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from stations.sessions.models import KNOWS_VEHICLE, MeterReading, Session


def sessions() -> QuerySet[Session]:
    """All sessions of the operator in scope with station and EVSE, newest first."""
    rows: QuerySet[Session] = Session.objects.select_related("station__site", "evse")
    return rows.order_by("-first_received_at", "-id")


def charged_in(queryset: QuerySet[Session], vehicle: str) -> QuerySet[Session]:
    """Those whose card sat in the vehicle with this public id when they began, by the index."""
    named = queryset.annotate(vehicle_ref=KT("token_snapshot__vehicle"))
    return named.filter(KNOWS_VEHICLE, vehicle_ref=vehicle)


def readings(session: Session) -> QuerySet[MeterReading]:
    """The meter readings of a session in the order of their time."""
    return MeterReading.objects.filter(
        operator_id=session.operator_id, session_id=session.pk
    ).order_by("at", "id")
