"""Values as CSV cells: machine formats, harmless in spreadsheets (pure)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """ISO 8601 UTC for instants, plain decimals, true/false, seconds for durations.

    Text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP, CSV
    injection), unless it is a number.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value.value if isinstance(value, Enum) else value).replace("\x00", "")
    return defused(text)


def defused(text: str) -> str:
    """``text`` with an apostrophe before it when it could be taken for a formula."""
    risky = text.lstrip(" ").startswith(_DANGEROUS) or text.startswith("\n")
    return f"'{text}" if risky and not _NUMBER.fullmatch(text) else text
