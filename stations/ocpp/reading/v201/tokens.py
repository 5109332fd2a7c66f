"""Id tokens of 2.x: an object with value and type; a bare text is taken as the value."""

from __future__ import annotations

from stations.ocpp.reading.members import Members
from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.shapes import IdToken
from stations.ocpp.reading.texts import read_token

_TYPE_LENGTH = 36


def read_id_token(members: Members, name: str) -> IdToken | None:
    """The token; None when there is none. Its value may be empty (NoAuthorization)."""
    value = members.data.get(name)
    if value is None:
        return None
    if type(value) is not dict:
        text = read_token(value, members.notes)
        members.notes.append(Note.MEMBER_FORM)
        return None if text is None else IdToken(value=text)
    inner = Members(value, members.notes)
    text = inner.token("idToken")
    kind = inner.text("type", _TYPE_LENGTH) or ""
    if text is None:
        members.notes.append(Note.ID_TOKEN_MISSING)
        return None
    if not text and kind != "NoAuthorization":
        members.notes.append(Note.EMPTY_ID_TOKEN)
    return IdToken(value=text, type=kind, additional=_additional(inner))


def _additional(members: Members) -> tuple[tuple[str, str], ...]:
    if not members.has("additionalInfo"):
        return ()
    return tuple(
        (info.token("additionalIdToken") or "", info.text("type", 50) or "")
        for info in members.children("additionalInfo")
    )
