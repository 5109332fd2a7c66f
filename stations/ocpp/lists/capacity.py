"""How long a list a station holds, and how much of it fits into one message (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ENTRIES_A_MESSAGE: Final = 100
"""Where the station has told no limit; a message of so many stays well below 20 kB."""
_LONGEST: Final = {
    "1.6": ("localauthlistmaxlength",),
    "2.0.1": ("localauthlistctrlr.entries", "localauthlistctrlr.maxentries"),
}
_A_MESSAGE: Final = {
    "1.6": ("sendlocallistmaxlength",),
    "2.0.1": (
        "localauthlistctrlr.itemspermessage[sendlocallist]",
        "localauthlistctrlr.itemspermessage",
    ),
}


@dataclass(frozen=True, slots=True)
class Capacity:
    """``longest``: entries of the whole list, None when not told; ``a_message``: at once."""

    longest: int | None
    a_message: int


def capacity(version: str, told: Mapping[str, str | None]) -> Capacity:
    """From what the station told (folded keys). In 2.0.1 the most entries are the limit of
    ``Entries``, which the caller gives in place of its value."""
    most = _number(told, _LONGEST.get(version, ()))
    return Capacity(most, _number(told, _A_MESSAGE.get(version, ())) or ENTRIES_A_MESSAGE)


def _number(told: Mapping[str, str | None], keys: tuple[str, ...]) -> int | None:
    for key in keys:
        text = (told.get(key) or "").strip()
        if text.isascii() and text.isdigit() and int(text[:9]) > 0:
            return int(text[:9])
    return None
