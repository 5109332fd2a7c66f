"""Secrets that pass over the wire, masked before anything is stored or shown (pure).

What counts as a secret is told once, in ``stations.commands.masking``: AuthorizationKey
(1.6), BasicAuthPassword, members named as passwords, and log-ins inside URLs.
"""

from __future__ import annotations

from typing import Any

from stations.commands.masking import MASK, masked

__all__ = ["MASK", "mask", "may_hold_secrets"]

_SIGNS = (b"password", b"authorizationkey", b"simpin")


def mask(value: Any) -> Any:
    """A copy of ``value`` with the values of secret members and secret settings masked."""
    return masked(value)


def may_hold_secrets(raw: bytes) -> bool:
    """Quick look at a frame: False means that ``mask`` would change nothing.

    Escapes may hide a name, so a frame with a backslash counts as one that may.
    """
    if b"\\" in raw or (b"://" in raw and b"@" in raw):
        return True
    lowered = raw.lower()
    return any(sign in lowered for sign in _SIGNS)
