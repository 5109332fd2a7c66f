"""Authorize (1.6): someone presents a token."""

from __future__ import annotations

from typing import Any

from stations.ocpp.reading.members import Members, unique
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import Arrival, AuthorizeRequest, IdToken, Unreadable


def read(payload: Any, _arrival: Arrival) -> AuthorizeRequest | Unreadable:
    """The token, which may be empty; members beside it are ignored."""
    notes: list[str] = []
    token = Members(payload, notes).token("idTag")
    if token is None:
        return Unreadable("An authorisation without token")
    if not token:
        notes.append(Note.EMPTY_ID_TOKEN)
    return AuthorizeRequest(token=IdToken(value=token), notes=unique(notes))
