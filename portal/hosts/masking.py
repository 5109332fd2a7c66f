"""Cards as people see them whose cards they are not (pure)."""

from __future__ import annotations

from typing import Final

DOTS: Final = "••••"
_SHOWN: Final = 2
_LEAST: Final = 6


def masked(token: str) -> str:
    """The last two characters of a card's number, so that a neighbour's stays unknown and one's
    own is recognised; nothing of a short one, nor of an address."""
    if not token:
        return ""
    return DOTS + (token[-_SHOWN:] if len(token) >= _LEAST and "@" not in token else "")
