"""Passwords of stations: made, stored, compared (security profiles 1 and 2).

Passwords that we make are 20 random bytes, so a keyed digest is as good as a slow hash and
lets thousands of stations reconnect at once. Imported ones of less than 16 characters get
Argon2 until they are rotated.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
_HMAC = "hmac-sha256$"
STRONG_LENGTH = 16


def make_password() -> str:
    """A new password: 20 random bytes as 40 hex digits (fits OCPP 1.6's AuthorizationKey)."""
    return secrets.token_hex(20)


def digest_password(password: bytes, key: str, *, imported: bool = False) -> str:
    """The form in which a password is stored. ``key`` is the server's STATION_KEY."""
    if imported and len(password) < STRONG_LENGTH:
        return _HASHER.hash(password)
    return _HMAC + hmac.new(key.encode(), password, hashlib.sha256).hexdigest()


def is_slow(digest: str) -> bool:
    """Whether checking takes long enough to leave the event loop for it."""
    return not digest.startswith(_HMAC)


def check_password(password: bytes, digest: str, key: str) -> bool:
    """Whether ``password`` is the stored one; constant time for our own."""
    if not digest:
        return False
    if not is_slow(digest):
        return hmac.compare_digest(digest_password(password, key), digest)
    try:
        return _HASHER.verify(digest, password)
    except (VerificationError, InvalidHashError):
        return False


def candidates(password: bytes) -> tuple[bytes, ...]:
    """The password as sent, and its hex form: 1.6 stations may hold raw bytes of a hex key."""
    return (password, password.hex().encode(), password.hex().upper().encode())
