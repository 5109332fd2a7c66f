"""The forms in which a card's UID appears (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX = re.compile(r"(?:[0-9A-F]{2}){4,10}")
_SEPARATORS = re.compile(r"[\s:.\-]")


@dataclass(frozen=True, slots=True)
class UidForms:
    """One UID as stations send it, as a decimal number, and with its bytes reversed."""

    uid: str
    decimal: str
    reversed: str


def normalise(text: str) -> UidForms:
    """Canonical forms of a UID typed or read by a person or a reader.

    A hex UID of 4 to 10 bytes loses separators and becomes upper case; any other token
    (``VID:…``, app ids) keeps its characters, since colons may belong to it.
    """
    plain = text.strip()
    compact = _SEPARATORS.sub("", plain).upper()
    if not _HEX.fullmatch(compact):
        return UidForms(plain, "", "")
    octets = bytes.fromhex(compact)
    return UidForms(compact, str(int.from_bytes(octets)), octets[::-1].hex().upper())
