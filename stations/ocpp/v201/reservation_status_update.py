"""ReservationStatusUpdate (2.0.1 H04): a reservation ended at the station."""

from __future__ import annotations

from stations.ocpp.bridge.inbound import Inbound, Outcome, Unreadable
from stations.ocpp.handling import read_message
from stations.ocpp.reading.shapes import ReservationUpdate
from stations.ocpp.writes.records import ReservationWrite

_STATES = {"Expired": "expired", "Removed": "removed"}


async def handle(call: Inbound) -> Outcome | Unreadable:
    """Only reservations of the sending station are touched."""
    update = read_message(call)
    if not isinstance(update, ReservationUpdate):
        return Unreadable(update.reason)
    state = _STATES.get(update.status, "removed")
    write = ReservationWrite(call.station.id, update.reservation_id, state)
    return Outcome(dict, [write], findings=update.notes)
