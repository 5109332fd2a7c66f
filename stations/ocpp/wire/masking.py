"""Secrets that pass over the wire, masked before anything is stored or shown (pure).

What counts as a secret is told once, in ``stations.commands.masking``: AuthorizationKey
(1.6), BasicAuthPassword, members named as passwords, log-ins inside URLs, and the one-time part
of addresses for files.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from core.one_time import MASK, PLACE
from stations.commands.masking import masked

__all__ = ["MASK", "mask", "mask_text", "may_hold_secrets"]

_PLACE = PLACE.encode()
_QUOTED_VALUE = re.compile(r'(:\s*")(?:[^"\\]|\\.)*')


def mask(value: Any) -> Any:
    """A copy of ``value`` with the values of secret members and secret settings masked."""
    return masked(value)


def mask_text(raw: bytes) -> str:
    """A frame that is no call as text for the journal. One that is no JSON and names a secret
    loses all its quoted values, since nobody can tell which of them is the secret."""
    try:
        return orjson.dumps(mask(orjson.loads(raw))).decode()
    except (ValueError, TypeError, RecursionError):
        text = raw.decode("utf-8", "replace").replace("\x00", "")
        names_secret = _names_a_secret(raw)
        shown: str = mask(text)
        return _QUOTED_VALUE.sub(rf"\1{MASK}", shown) if names_secret else shown


def may_hold_secrets(raw: bytes) -> bool:
    """Quick look at a frame: False means that ``mask`` would change nothing.

    Escapes may hide a name, so a frame with a backslash counts as one that may.
    """
    if b"\\" in raw or _PLACE in raw or (b"://" in raw and b"@" in raw):
        return True
    return _names_a_secret(raw)


def _names_a_secret(raw: bytes) -> bool:
    low = raw.lower()  # one search for each name: five times as fast as an expression of all
    return b"password" in low or b"authorizationkey" in low or b"simpin" in low
