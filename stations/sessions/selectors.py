"""Reading sessions and their readings."""

from __future__ import annotations

from django.db.models import QuerySet

from stations.sessions.models import MeterReading, Session


def sessions() -> QuerySet[Session]:
    """All sessions of the operator in scope with station and EVSE, newest first."""
    rows: QuerySet[Session] = Session.objects.select_related("station__site", "evse")
    return rows.order_by("-first_received_at", "-id")


def readings(session: Session) -> QuerySet[MeterReading]:
    """The meter readings of a session in the order of their time."""
    return MeterReading.objects.filter(
        operator_id=session.operator_id, session_id=session.pk
    ).order_by("at", "id")
