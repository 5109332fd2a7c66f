"""Texts with places for what a case is about, as {station} (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

PLACEHOLDERS: Final = ("name", "station", "site", "evse", "case", "operator")
_ONE: Final = re.compile(r"\{([^{}]*)\}")


def unknown_in(text: str) -> list[str]:
    """What stands in braces and is no placeholder, each once."""
    return sorted({name for name in _ONE.findall(text) if name not in PLACEHOLDERS})


def left_in(text: str) -> list[str]:
    """Placeholders that nothing stands for yet, each once."""
    return sorted({name for name in _ONE.findall(text) if name in PLACEHOLDERS})


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known in its places; others stay as they are, to be seen."""
    return _ONE.sub(lambda found: values.get(found.group(1), "") or found.group(0), text)
