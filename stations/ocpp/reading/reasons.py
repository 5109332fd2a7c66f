"""Why a session ended, in OCPP's spelling."""

from __future__ import annotations

from stations.ocpp.reading.members import Members
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.vocabulary import DEFAULT_STOP_REASON, STOP_REASONS

_LENGTH = 50


def read_reason(members: Members, name: str) -> str:
    """The stop reason; Local when left out. An unknown one is kept and noted."""
    text = (members.text(name, _LENGTH) or "").strip()
    if not text:
        return DEFAULT_STOP_REASON
    known = STOP_REASONS.get(text) or STOP_REASONS.get(text.lower())
    if known is None:
        members.notes.append(Note.UNKNOWN_REASON)
        return text
    return known
