"""Registration numbers in one form (pure)."""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = re.compile(r"[\s\-–·.]")
_GOOD: Final = re.compile(r"[^\W_]{2,12}")


def normalise_plate(text: str) -> str:
    """``ABC123`` for ``abc 123``; empty for what is no registration number."""
    plain = _SIGNS.sub("", text).upper()
    return plain if _GOOD.fullmatch(plain) else ""


def split_plates(text: str) -> list[str]:
    """What stands between commas, semicolons and line ends."""
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
