"""Which EVSE and connector a 2.x message is about."""

from __future__ import annotations

from stations.ocpp.reading.members import Members
from stations.ocpp.reading.notes import Note


def read_evse(members: Members, name: str = "evse") -> tuple[int | None, int | None]:
    """EVSE and connector of the member; a bare number is taken as the EVSE.

    Stations often leave the connector out, and the whole member in all but one event.
    """
    value = members.data.get(name)
    if value is None:
        return None, None
    if type(value) is dict:
        evse = Members(value, members.notes)
        return evse.integer("id"), evse.integer("connectorId")
    members.notes.append(Note.MEMBER_FORM)
    return members.integer(name), None
