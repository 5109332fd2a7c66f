"""Times from stations. This parser cannot throw; what it cannot read is None with a note.

The ``ocpp`` package checks no times at all, so everything arrives here: ``+03``, no zone,
lower-case letters, blanks, long fractions, leap seconds, seconds since 1970, 0001, 9999.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

from stations.ocpp.reading.notes import Note
from stations.ocpp.reading.texts import raw_text

FIRST_YEAR = 2010
LAST_YEAR = 2100
RAW_LENGTH = 64

_TIME = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[Tt\s_]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:](\d+))?)?)?"
    r"\s*(?:([Zz]|UTC|GMT)|([+-])\s*(\d{1,2}):?(\d{2})?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"\d{9,14}(?:\.\d+)?", re.ASCII)
_EPOCH_MILLISECONDS_FROM = 10**11


class Instant(NamedTuple):
    """A time as sent and as understood: aware, UTC, between 2010 and 2100, or None."""

    raw: str
    at: datetime | None


def read_instant(value: Any, zone: tzinfo, notes: list[str]) -> Instant:
    """The time that ``value`` tells; times without zone are read in ``zone``."""
    if value is None or value == "":
        notes.append(Note.TIME_MISSING)
        return Instant("", None)
    raw = raw_text(value, RAW_LENGTH)
    before = len(notes)
    try:
        at = _read(value, zone, notes)
        reason = Note.TIME_IMPLAUSIBLE
    except (ValueError, OverflowError):
        at = None
        reason = Note.TIME_UNREADABLE
    if at is None:  # the form of a time that is of no use does not matter
        notes[before:] = [reason]
    return Instant(raw, at)


def _read(value: Any, zone: tzinfo, notes: list[str]) -> datetime | None:
    """The time in UTC, None outside the plausible years; raises ValueError."""
    if type(value) is str:
        at = _fast(value) or _parse(value.strip(), zone, notes)
    elif type(value) in (int, float):
        at = _from_epoch(float(value), notes)
    else:
        raise ValueError("no time")
    if FIRST_YEAR < at.year < LAST_YEAR:
        return at.astimezone(UTC)
    if FIRST_YEAR <= at.year <= LAST_YEAR:
        at = at.astimezone(UTC)
        if FIRST_YEAR <= at.year <= LAST_YEAR:
            return at
    return None


def _fast(text: str) -> datetime | None:
    """The usual form with a zone; None leaves the text to the patient parser."""
    if len(text) < 20 or text[10] != "T" or text[4] != "-" or text[7] != "-":
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _parse(text: str, zone: tzinfo, notes: list[str]) -> datetime:
    if _EPOCH.fullmatch(text):
        return _from_epoch(float(text), notes)
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("no time")
    year, month, day, hour, minute, second, fraction, utc, sign, zone_h, zone_m = match.groups()
    offset: tzinfo
    if utc:
        offset = UTC
    elif sign:
        offset = _offset(sign, int(zone_h), int(zone_m or 0))
    else:
        offset = zone
        notes.append(Note.TIME_WITHOUT_ZONE)
    if not second or not _is_rfc3339(text):
        notes.append(Note.TIME_FORM)
    seconds = int(second or 0)
    leap = seconds == 60
    at = datetime(
        int(year),
        int(month),
        int(day),
        int(hour or 0),
        int(minute or 0),
        59 if leap else seconds,
        int((fraction or "0").ljust(6, "0")[:6]),
        tzinfo=offset,
    )
    return at + timedelta(seconds=1) if leap else at


def _offset(sign: str, hours: int, minutes: int) -> timezone:
    """A fixed offset; raises ValueError beyond what exists on Earth."""
    if hours > 15 or minutes > 59:
        raise ValueError("no zone")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if sign == "-" else offset)


_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)


def _is_rfc3339(text: str) -> bool:
    """The right form, but for a zone that may be missing (which has a note of its own)."""
    return _RFC3339.fullmatch(text) is not None


def _from_epoch(seconds: float, notes: list[str]) -> datetime:
    """Seconds (or milliseconds) since 1970; raises ValueError or OverflowError."""
    notes.append(Note.TIME_FORM)
    if abs(seconds) >= _EPOCH_MILLISECONDS_FROM:
        seconds /= 1000
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def to_wire(at: datetime) -> str:
    """An aware time as OCPP wants it: UTC, milliseconds, ``Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
