"""Reading fields of JSON with errors that say what is wrong and where (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

MAX_DIGITS: Final = 28
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class TariffError(ValueError):
    """A document that is no tariff: ``code`` is stable, ``at`` is a path like elements[0]."""

    def __init__(self, code: str, message: str, at: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.at = code, message, at


class Fields:
    """The members of one JSON object; ``at`` is its path. Null counts as absent."""

    def __init__(self, value: Any, at: str = "", *, known: frozenset[str] | None = None) -> None:
        if not isinstance(value, Mapping):
            raise TariffError("not_an_object", "Expected a JSON object", at)
        self.values, self.at = value, at
        unknown = sorted(str(key) for key in value if known is not None and key not in known)
        if unknown:
            raise TariffError("unknown_field", f"{unknown[0]} is not known", self.path(unknown[0]))

    def path(self, name: str) -> str:
        """The path of a member."""
        return f"{self.at}.{name}" if self.at else name

    def get(self, name: str) -> Any:
        """A member as it is, or None."""
        return self.values.get(name)

    def needed(self, name: str) -> Any:
        """A member that must be there."""
        value = self.values.get(name)
        if value is None:
            raise TariffError("missing", f"{name} is missing", self.path(name))
        return value

    def text(self, name: str, *, longest: int = 255) -> str:
        """A text, empty when absent."""
        value = self.values.get(name, "")
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > longest or "\0" in value:
            text = f"{name} must be a text of at most {longest} characters"
            raise TariffError("bad_text", text, self.path(name))
        return value

    def choice(self, name: str, choices: Sequence[str]) -> Any:
        """One of ``choices``, or None when absent."""
        value = self.values.get(name)
        if value is None or (isinstance(value, str) and value in choices):
            return value
        text = f"{name} must be one of {', '.join(choices)}"
        raise TariffError("unknown_value", text, self.path(name))

    def number(self, name: str, *, least: Decimal | None = Decimal(0)) -> Decimal | None:
        """A decimal number (JSON number or text), or None when absent."""
        value = self.values.get(name)
        return None if value is None else read_number(value, self.path(name), least=least)

    def whole(self, name: str, *, least: int = 0) -> int | None:
        """A whole number, or None when absent; 300.0 is whole."""
        number = self.number(name, least=Decimal(least))
        if number is None:
            return None
        if number != number.to_integral_value() or number > 10**12:
            raise TariffError("bad_number", f"{name} must be a whole number", self.path(name))
        return int(number)

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise TariffError("bad_flag", f"{name} must be true or false", self.path(name))

    def items(self, name: str) -> list[tuple[Any, str]]:
        """The items of a list with their paths; none when absent."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise TariffError("not_a_list", f"{name} must be a list", self.path(name))
        return [(item, f"{self.path(name)}[{place}]") for place, item in enumerate(value)]

    def clock(self, name: str) -> time | None:
        """A time of day HH:MM, or None when absent."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            raise TariffError("bad_clock", f"{name} must be HH:MM", self.path(name))
        return time(int(value[:2]), int(value[3:]))

    def day(self, name: str) -> date | None:
        """A date YYYY-MM-DD, or None when absent."""
        value = self.values.get(name)
        if value is None:
            return None
        try:
            if isinstance(value, str) and _DATE.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise TariffError("bad_date", f"{name} must be YYYY-MM-DD", self.path(name))

    def instant(self, name: str) -> datetime | None:
        """An instant of RFC 3339 (without a zone: UTC, as OCPI says), or None when absent."""
        value = self.values.get(name)
        return None if value is None else read_instant(value, self.path(name))


def read_instant(value: Any, at: str) -> datetime:
    """A text as an aware instant in UTC."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise TariffError("bad_time", "Expected a time such as 2026-06-15T08:00:00Z", at)


def read_number(value: Any, at: str, *, least: Decimal | None = Decimal(0)) -> Decimal:
    """A number of JSON or text as a Decimal of at most 28 digits, never below ``least``."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise TariffError("bad_number", "Expected a number", at)
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation as error:
        raise TariffError("bad_number", "Expected a number", at) from error
    if not number.is_finite() or len(number.as_tuple().digits) > MAX_DIGITS:
        raise TariffError("bad_number", f"Expected a number of at most {MAX_DIGITS} digits", at)
    if number and not -MAX_DIGITS <= number.adjusted() <= MAX_DIGITS // 2:
        raise TariffError("bad_number", "The number is too large or too small", at)
    if least is not None and number < least:
        raise TariffError("too_small", f"The number must be at least {least}", at)
    return number
