"""ReportChargingProfiles (2.0.1 K): the profiles that a station holds, in parts."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.device_shapes import ProfileReport
from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.shapes import Arrival, Unreadable

_WORD_LENGTH = 50


def read(payload: Any, _arrival: Arrival) -> ProfileReport | Unreadable:
    """The profiles as sent; each is an object of its own."""
    notes: list[str] = []
    members = Members(payload, notes)
    request_id = members.integer("requestId")
    if request_id is None:
        return Unreadable("A report without request id")
    return ProfileReport(
        request_id=request_id,
        evse=members.integer("evseId"),
        limit_source=members.text("chargingLimitSource", _WORD_LENGTH) or "",
        is_last=not members.flag("tbc"),
        profiles=tuple(profile.data for profile in members.children("chargingProfile")),
        notes=unique(notes),
    )
