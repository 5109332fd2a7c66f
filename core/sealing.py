"""Secrets that must be read again (signing keys, answers shown once), encrypted at rest.

The key is derived from SECRET_KEY, so a copy of the database alone reveals nothing.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """Sealed under a key that is not known any more, or damaged."""


def _cipher(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    hashlib.blake2b(str(key).encode(), person=b"portal.seal", salt=_salt(purpose),
                                    digest_size=32).digest()
                )
            )
            for key in keys
        ]
    )  # fmt: skip


def _salt(purpose: str) -> bytes:
    return hashlib.sha256(purpose.encode()).digest()[:16]


def seal(data: bytes, purpose: str) -> bytes:
    """``data`` encrypted and authenticated; ``purpose`` must be given again to open it."""
    return _cipher(purpose).encrypt(data)


def unseal(sealed: bytes | memoryview, purpose: str) -> bytes:
    """What was sealed; Unreadable if the key or the purpose is another."""
    try:
        return _cipher(purpose).decrypt(bytes(sealed))
    except InvalidToken as error:
        raise Unreadable(purpose) from error
