"""Reads the members of an uptime vector; what is wrong is said with its place (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeVar

from core.periods import Period

_T = TypeVar("_T")
_LARGEST: Final = Decimal(10) ** 15
_DIGITS: Final = 40
_YEARS: Final = range(1900, 2200)


class BadVector(Exception):
    """A vector that cannot be used; ``code`` is stable, ``at`` says where."""

    def __init__(self, code: str, message: str, at: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.at = code, message, at


def wanted(item: Mapping[str, Any], name: str) -> Any:
    """A member that must be there."""
    if item.get(name) is None:
        raise BadVector("missing", f"{name} is missing", name)
    return item[name]


def instant(value: Any, at: str) -> datetime:
    """An ISO 8601 instant with its zone, in UTC."""
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is not None and found.year in _YEARS:
            return found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadVector("bad_time", "Not an instant in ISO 8601", at) from error
    raise BadVector("bad_time", "An instant needs its zone and a year from 1900 to 2199", at)


def number(value: Any, at: str) -> Fraction:
    """A number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise BadVector("bad_number", "Not a number", at)
    plain = Decimal(value) if isinstance(value, Decimal) or abs(value) < _LARGEST else _LARGEST
    if not plain.is_finite() or not 0 <= plain < _LARGEST or len(plain.as_tuple().digits) > _DIGITS:
        raise BadVector("bad_number", "A number must be at least 0 and below 10^15", at)
    if plain and plain.adjusted() < -_DIGITS:
        raise BadVector("bad_number", "A number has too many decimals", at)
    return Fraction(plain)


def text(value: Any, at: str) -> str:
    """A text; None is an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadVector("bad_text", "Not a text", at)
    return value


def rows(value: Any, at: str) -> list[Any]:
    """A list; None is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadVector("not_a_list", "Not a list", at)
    return value


def members(value: Any, at: str) -> Mapping[str, Any]:
    """An object."""
    if not isinstance(value, Mapping):
        raise BadVector("not_an_object", "Not a JSON object", at)
    return value


def row(value: Any, at: str, least: int) -> list[Any]:
    """A row of at least so many cells."""
    if not isinstance(value, list) or len(value) < least:
        raise BadVector("bad_row", f"A row has {least} members", at)
    return value


def period(item: Mapping[str, Any]) -> Period:
    """The period of the vector; it must not be empty."""
    start, end = row(wanted(item, "period"), "period", 2)[:2]
    found = _period(instant(start, "period[0]"), instant(end, "period[1]"), "period")
    if found.start == found.end:
        raise BadVector("bad_period", "The period is empty", "period")
    return found


def periods(value: Any, at: str, within: Period) -> list[tuple[Period, Any]]:
    """Rows of start, end and perhaps a word. No start: since ever; no end: still so."""
    found = []
    for place, one in enumerate(rows(value, at)):
        where = f"{at}[{place}]"
        cells = row(one, where, 2)
        start = within.start if cells[0] is None else instant(cells[0], f"{where}[0]")
        end = max(within.end, start) if cells[1] is None else instant(cells[1], f"{where}[1]")
        word = cells[2] if len(cells) > 2 else None
        found.append((_period(start, end, where), text(word, f"{where}[2]")))
    return found


def each(value: Any, at: str, read: Callable[[Any, str], _T]) -> list[_T]:
    """Every row of a list, read."""
    return [read(one, f"{at}[{place}]") for place, one in enumerate(rows(value, at))]


def covered(found: Iterable[tuple[Period, Any]]) -> list[Period]:
    """The periods alone."""
    return [one for one, _word in found]


def _period(start: datetime, end: datetime, at: str) -> Period:
    if end < start:
        raise BadVector("bad_period", "It ends before it starts", at)
    return Period(start, end)
