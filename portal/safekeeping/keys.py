"""The keys of an installation under a passphrase (scrypt, AES-256-GCM)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

NAMES: Final = ("SECRET_KEY", "STATION_KEY")
"""Without the first nothing sealed can be read again; without the second no station logs in."""
_MAGIC: Final = b"portal-keys-1\n"
_SALT, _NONCE = 16, 12


class WrongPassphrase(Exception):
    """The passphrase is another one, or the file is damaged."""


def lock(keys: Mapping[str, str], passphrase: str) -> bytes:
    """The keys, readable with the passphrase alone."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    text = json.dumps(dict(keys)).encode()
    return _MAGIC + salt + nonce + _cipher(passphrase, salt).encrypt(nonce, text, _MAGIC)


def unlock(data: bytes, passphrase: str) -> dict[str, str]:
    """What was locked; WrongPassphrase for another passphrase."""
    if not data.startswith(_MAGIC):
        raise WrongPassphrase("This is no file of keys.")
    body = data[len(_MAGIC) :]
    salt, nonce, text = body[:_SALT], body[_SALT : _SALT + _NONCE], body[_SALT + _NONCE :]
    try:
        plain = _cipher(passphrase, salt).decrypt(nonce, text, _MAGIC)
    except (InvalidTag, ValueError) as error:
        raise WrongPassphrase("The passphrase is another one, or the file is damaged.") from error
    found: dict[str, str] = json.loads(plain)
    return found


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))
