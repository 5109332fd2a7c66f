"""Texts from stations made fit for storage: bounded, printable, never a surprise."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

from stations.ocpp.reading.notes import Note

TOKEN_LIMIT = 255
"""Length of an id token that is kept whole (1.6: 20, 2.0.1: 36, 2.1: 255)."""

_BLANKS = str.maketrans("\t\r\n\v\f", "     ")
_REMOVED_CATEGORIES = frozenset({"Cc", "Cs"})
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def read_text(value: Any, limit: int, notes: list[str]) -> str | None:
    """``value`` as text of at most ``limit`` characters; None when it is no text.

    A number is taken as its text. Line breaks and tabs become blanks.
    """
    if not isinstance(value, str):
        if value is None:
            return None
        text = _text_of_number(value, notes)
        if text is None:
            return None
    else:
        text = value
    if not text.isprintable():
        text = without_controls(text, notes)
    if len(text) > limit:
        notes.append(Note.TEXT_CUT)
        text = text[:limit]
    return text


def _text_of_number(value: Any, notes: list[str]) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        notes.append(Note.MEMBER_FORM)
        return None
    notes.append(Note.TEXT_FROM_NUMBER)
    return raw_text(value, TOKEN_LIMIT)


def without_controls(text: str, notes: list[str]) -> str:
    """``text`` without control and direction characters; blanks for line breaks."""
    text = text.translate(_BLANKS)
    kept = "".join(
        c
        for c in text
        if unicodedata.category(c) not in _REMOVED_CATEGORIES and c not in _DIRECTION
    )
    if kept != text:
        notes.append(Note.CONTROL_CHARACTERS)
    return kept


def read_token(value: Any, notes: list[str]) -> str | None:
    """An id token. One that is too long to keep can never equal another after the cut."""
    text = read_text(value, 1_000_000, notes)
    if text is None or len(text) <= TOKEN_LIMIT:
        return text
    notes.append(Note.TEXT_CUT)
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{text[: TOKEN_LIMIT - 34]}… {digest}"


def raw_text(value: Any, limit: int) -> str:
    """Any JSON value as it was sent, as bounded printable text for records."""
    if isinstance(value, str):
        text = value[:limit]
    elif value is None:
        return ""
    else:
        try:
            text = str(value)[:limit]
        except (ValueError, RecursionError):  # whole numbers of thousands of digits
            return ""
    return text if text.isprintable() else without_controls(text, [])
