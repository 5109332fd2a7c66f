"""Numbers as people write them in files (pure)."""

from __future__ import annotations

import math
import re
from typing import Any, Final

_BLANKS: Final = re.compile("[\\s\u00a0\u202f\u2009']")
_NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
_THOUSANDS: Final = re.compile(
    r"[+-]?\d{1,3}(?P<sign>[.,])\d{3}((?P=sign)\d{3})*(?P<rest>[.,]\d+)?"
)
_NONE: Final = frozenset({"", "-", "–", "..", ".", "null", "none", "nan", "na", "n/a", "#n/a"})


def is_missing(cell: Any) -> bool:
    """Whether a cell says nothing; two points are how statistics write it."""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in _NONE)


def number_of(cell: Any) -> float:
    """The number in a cell, with decimal point or comma and blanks between thousands; not a
    number (NaN) where there is none."""
    if isinstance(cell, bool) or cell is None:
        return math.nan
    if isinstance(cell, int | float):
        return float(cell) if abs(cell) < 1e300 else math.nan
    plain = _BLANKS.sub("", str(cell)).replace("\N{MINUS SIGN}", "-")
    grouped = _THOUSANDS.fullmatch(plain)
    if grouped and grouped["rest"] and grouped["rest"][0] != grouped["sign"]:
        plain = plain.replace(grouped["sign"], "")
    if not _NUMBER.fullmatch(plain):
        return math.nan
    found = float(plain.replace(",", "."))
    return found if math.isfinite(found) else math.nan
