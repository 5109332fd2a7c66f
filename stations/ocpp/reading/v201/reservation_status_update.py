"""ReservationStatusUpdate (2.0.1 H): a reservation is over at the station."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.shapes import Arrival, ReservationUpdate, Unreadable

_WORD_LENGTH = 50


def read(payload: Any, _arrival: Arrival) -> ReservationUpdate | Unreadable:
    """Which reservation, and how it ended."""
    notes: list[str] = []
    members = Members(payload, notes)
    reservation = members.integer("reservationId")
    status = members.text("reservationUpdateStatus", _WORD_LENGTH)
    if reservation is None or not status:
        return Unreadable("An update of no reservation")
    return ReservationUpdate(reservation_id=reservation, status=status, notes=unique(notes))
