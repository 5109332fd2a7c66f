"""Numbers from stations: text for numbers, numbers for text, nothing that can overflow."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from stations.ocpp.reading.notes import Note

INTEGER_LIMIT = 2**31 - 1
"""Largest OCPP integer, and PostgreSQL's."""

_LARGEST_EXPONENT = 15
_SMALLEST_EXPONENT = -12
_LONGEST = 40
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_ZERO = Decimal(0)


def read_decimal(value: Any, notes: list[str]) -> Decimal | None:
    """``value`` as an exact finite number of at most 16 digits before the point, else None."""
    number: Decimal | Note
    if type(value) is int:
        number = _bounded(Decimal(value)) if abs(value) < 10**20 else Note.NUMBER_OUT_OF_RANGE
    elif type(value) is float:
        number = _from_text(repr(value), notes)
    elif type(value) is str:
        number = _from_text(value.strip(), notes)
    else:
        number = Note.NOT_A_NUMBER
    if isinstance(number, Note):
        notes.append(number)
        return None
    return number


def _from_text(text: str, notes: list[str]) -> Decimal | Note:
    """The number, or why there is none."""
    if len(text) > _LONGEST:
        return Note.NUMBER_OUT_OF_RANGE if _NUMBER.fullmatch(text) else Note.NOT_A_NUMBER
    if not _NUMBER.fullmatch(text):
        if not _COMMA.fullmatch(text):
            return Note.NOT_A_NUMBER
        notes.append(Note.DECIMAL_COMMA)
        text = text.replace(",", ".")
    return _bounded(Decimal(text))


def _bounded(number: Decimal) -> Decimal | Note:
    if not number:
        return _ZERO
    exponent = number.adjusted()
    if exponent > _LARGEST_EXPONENT:
        return Note.NUMBER_OUT_OF_RANGE
    return number if exponent >= _SMALLEST_EXPONENT else _ZERO


def read_integer(value: Any, notes: list[str]) -> int | None:
    """``value`` as a whole number that an OCPP integer can hold, else None."""
    if type(value) is int and -INTEGER_LIMIT <= value <= INTEGER_LIMIT:
        return value
    number = read_decimal(value, notes)
    if number is None:
        return None
    if abs(number) > INTEGER_LIMIT:
        notes.append(Note.NUMBER_OUT_OF_RANGE)
        return None
    if number != number.to_integral_value():
        notes.append(Note.NOT_A_NUMBER)
        return None
    notes.append(Note.NUMBER_FROM_TEXT)
    return int(number)
