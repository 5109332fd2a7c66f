"""Public ids: short, prefixed, not to be guessed."""

from __future__ import annotations

import secrets
from typing import Final

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 16


def public_id(prefix: str) -> str:
    """``prefix`` (at most 7 letters), an underscore and 80 random bits, e.g. ``cs_7k…``."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
