"""Public ids: short, prefixed, not to be guessed."""

from __future__ import annotations

import secrets
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 16
_LETTERS: Final = (_ALPHABET * 8).encode()
"""A letter for each byte; the alphabet has 32, so all are equally likely."""


def public_id(prefix: str) -> str:
    """``prefix`` (at most 7 letters), an underscore and 80 random bits, e.g. ``cs_7k…``."""
    return f"{prefix}_" + secrets.token_bytes(_LENGTH).translate(_LETTERS).decode()
