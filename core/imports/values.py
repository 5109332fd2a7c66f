"""Cells as values: each parser takes the text of one cell and says what is wrong, and the cure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

KEEP: Final = object()
"""What an empty cell means where nothing can be empty: leave it, or take the default."""

Parser = Callable[[str, tzinfo], Any]
_BLANKS: Final = re.compile("[\\s\u00a0\u202f\u2009]")
_SHORTENED: Final = re.compile(r"\d([.,]\d+)?E\+?\d+", re.I)
_YES: Final = frozenset({"true", "yes", "y", "1", "ja", "j", "sant", "x"})
_NO: Final = frozenset({"false", "no", "n", "0", "nej", "falskt"})


class BadValueError(Exception):
    """One cell is wrong: ``reason`` says why, ``cure`` what would be right."""

    def __init__(self, reason: str, cure: str, *, column: str = "") -> None:
        super().__init__(reason)
        self.reason, self.cure, self.column = reason, cure, column
        self.others: list[BadValueError] = []
        """More cells of the same row that are wrong."""

    @classmethod
    def of(cls, errors: Sequence[BadValueError]) -> BadValueError:
        """One error for all of ``errors``, of which there is at least one."""
        errors[0].others.extend(errors[1:])
        return errors[0]


def text(most: int = 200) -> Parser:
    """Trimmed text of at most ``most`` characters."""

    def parse(cell: str, _zone: tzinfo) -> str:
        plain = cell.strip()
        if len(plain) > most:
            raise BadValueError(
                _("%(count)s characters are too many.") % {"count": len(plain)},
                _("Use at most %(count)s characters.") % {"count": most},
            )
        if any(ord(sign) < 32 and sign not in "\n\t\r" for sign in plain):
            raise BadValueError(_("It holds characters that cannot be shown."), _("Type it anew."))
        return plain

    return parse


def identifier(most: int) -> Parser:
    """Text that must not have gone through a spreadsheet's numbers."""
    plain = text(most)

    def parse(cell: str, zone: tzinfo) -> str:
        if _SHORTENED.fullmatch(cell.strip()):
            raise BadValueError(
                _("A spreadsheet has shortened this number; digits are lost."),
                _("Format the column as text and enter the value again."),
            )
        return str(plain(cell, zone))

    return parse


def integer(least: int | None = None, most: int | None = None) -> Parser:
    """A whole number; blanks between thousands are allowed."""

    def parse(cell: str, _zone: tzinfo) -> int:
        plain = _BLANKS.sub("", cell)
        if re.fullmatch(r"[+-]?\d{1,18}[.,]0+", plain):
            plain = re.split("[.,]", plain)[0]
        if not re.fullmatch(r"[+-]?\d{1,18}", plain):
            raise BadValueError(_("This is no whole number."), _("Write digits alone, as 11000."))
        number = int(plain)
        _within(number, least, most)
        return number

    return parse


def decimal(least: int | None = None, most: int | None = None, places: int = 6) -> Parser:
    """A number with a decimal point or a decimal comma."""

    def parse(cell: str, _zone: tzinfo) -> Decimal:
        plain = _BLANKS.sub("", cell).replace("\N{MINUS SIGN}", "-")
        if plain.count(",") + plain.count(".") > 1:
            raise BadValueError(
                _("Comma and point: it is not clear which one is the decimal sign."),
                _("Write the number without separators of thousands, as 1234,5."),
            )
        try:
            number = Decimal(plain.replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number.adjusted() > 15:
            raise BadValueError(_("This is no number."), _("Write it as 55,6045 or 55.6045."))
        _within(number, least, most)
        return number.quantize(Decimal(1).scaleb(-places)).normalize()

    return parse


def _within(number: Any, least: int | None, most: int | None) -> None:
    if (least is not None and number < least) or (most is not None and number > most):
        raise BadValueError(
            _("The number is out of range."),
            _("Use a number from %(least)s to %(most)s.")
            % {"least": "…" if least is None else least, "most": "…" if most is None else most},
        )


def flag(cell: str, _zone: tzinfo) -> bool:
    """Yes or no, in English, Swedish or as a spreadsheet writes it."""
    plain = cell.strip().casefold()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise BadValueError(_("This is neither yes nor no."), _("Write true or false."))


def day(cell: str, _zone: tzinfo) -> date:
    """A date; a spreadsheet's midnight counts as one."""
    plain = cell.strip().replace("T", " ").removesuffix(" 00:00:00").removesuffix(" 00:00")
    try:
        return date.fromisoformat(plain)
    except ValueError as error:
        raise BadValueError(_("This is no date."), _("Write it as 2026-11-23.")) from error


def moment(cell: str, zone: tzinfo) -> datetime:
    """An instant; without offset it is meant in the zone of the column or the operator."""
    plain = cell.strip().replace("Z", "+00:00")
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", plain):
            return datetime.combine(date.fromisoformat(plain), time(), zone)
        at = datetime.fromisoformat(plain)
    except ValueError as error:
        raise BadValueError(
            _("This is no date and time."), _("Write it as 2026-11-23 14:05.")
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def choice(choices: Iterable[tuple[Any, str | Promise]]) -> Parser:
    """One of the values, by its machine name or by its word."""
    pairs = list(choices)

    def parse(cell: str, _zone: tzinfo) -> Any:
        plain = cell.strip().casefold()
        for value, word in pairs:
            if plain in (str(value).casefold(), str(word).casefold()):
                return value
        raise BadValueError(
            _("This is none of the allowed values."),
            _("Use one of: %(values)s.") % {"values": ", ".join(str(value) for value, _w in pairs)},
        )

    return parse


def words(most: int = 48) -> Parser:
    """Several names without blanks in them, apart by blanks, commas or semicolons."""

    def parse(cell: str, _zone: tzinfo) -> list[str]:
        found = [word for word in re.split(r"[\s,;]+", cell) if word]
        if any(len(word) > most for word in found):
            raise BadValueError(
                _("One of these is too long."),
                _("Use at most %(count)s characters.") % {"count": most},
            )
        return found

    return parse


def same(before: Any, after: Any) -> bool:
    """Whether an import changes nothing: sheets know neither fractions of a second nor which of
    two equal local hours in autumn was meant."""
    if isinstance(before, datetime) and isinstance(after, datetime) and after.tzinfo is not None:
        there = before.astimezone(after.tzinfo)
        if there.replace(tzinfo=None, microsecond=0) == after.replace(tzinfo=None, microsecond=0):
            return True
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return before == after
    return bool(before == after)
