"""iCalendar (RFC 5545) of work orders (pure): escaping, folding at 75 octets, UTC times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

_FOLD: Final = 75
_ESCAPES: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a calendar. ``sequence`` grows when it changes (3.8.7.4)."""

    uid: str
    begins_at: datetime
    ends_at: datetime
    changed_at: datetime
    summary: str
    description: str = ""
    place: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    url: str = ""
    is_cancelled: bool = False
    sequence: int = 0


def calendar(name: str, events: Iterable[Event], *, now: datetime) -> str:
    """A whole calendar, lines ended by CRLF (3.1)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Charging network portal//Work orders//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
    ]
    for event in events:
        lines.extend(_event(event, now))
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """A value of type TEXT (3.3.11); other control characters are left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in plain if one == "\n" or (one >= " " and one != "\x7f"))
    return "".join(_ESCAPES.get(one, one) for one in kept)


def folded(line: str) -> str:
    """A content line in parts of at most 75 octets, none of which cuts a character (3.1)."""
    parts: list[str] = []
    part, size = "", 0
    for sign in line:
        length = len(sign.encode())
        if size + length > _FOLD:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + length
    return "\r\n".join([*parts, part])


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_utc(now)}"
    yield f"LAST-MODIFIED:{_utc(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{_utc(event.begins_at)}"
    yield f"DTEND:{_utc(event.ends_at)}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.place:
        yield f"LOCATION:{escaped(event.place)}"
    if event.latitude is not None and event.longitude is not None:
        yield f"GEO:{event.latitude:.6f};{event.longitude:.6f}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
