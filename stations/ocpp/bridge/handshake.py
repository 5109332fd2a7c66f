"""Pure parts of the WebSocket handshake: identity, version, credentials, decision."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote_to_bytes, urlsplit

PREFIX = "ocpp"
SUBPROTOCOLS: tuple[str, ...] = ("ocpp2.0.1", "ocpp1.6")
"""Versions spoken, the preferred first."""

VERSION_OF = {"ocpp1.6": "1.6", "ocpp2.0.1": "2.0.1"}
IDENTITY_LENGTH = 48

Refusal = Literal[
    "unknown_station",
    "wrong_password",
    "password_missing",
    "tls_required",
    "retired",
    "replaced",
    "no_subprotocol",
    "too_many_attempts",
    "bad_path",
]
"""Why a connection was refused; shown to operators, never to the station."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """User and password of HTTP Basic authentication, as bytes."""

    user: bytes
    password: bytes


def identity_of(target: str) -> str | None:
    """The station identity in a request target: the last non-empty path segment, decoded.

    Percent-encoding is undone once. Doubled and trailing slashes and a whole URL in the
    path are tolerated. None when there is no identity or its encoding is bad.
    """
    path = target.split("?", 1)[0].split("#", 1)[0]
    if "://" in path:
        path = urlsplit(path[path.rindex("://") - 5 :]).path or path
    segments = [segment for segment in path.split("/") if segment]
    if not segments or (len(segments) == 1 and segments[0] == PREFIX):
        return None
    raw = segments[-1]
    if any(not _is_escape(raw, at) for at, sign in enumerate(raw) if sign == "%"):
        return None
    try:
        identity = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not identity.isprintable() or len(identity) > IDENTITY_LENGTH:
        return None
    return identity


def _is_escape(text: str, at: int) -> bool:
    digits = text[at + 1 : at + 3]
    return len(digits) == 2 and all(d in "0123456789abcdefABCDEF" for d in digits)


def choose_subprotocol(offered: Sequence[str], assumed: str = "") -> str | None:
    """The version to speak: ours by preference among the offered, in any letter case.

    ``assumed`` ("ocpp1.6", …) is for stations that offer nothing at all.
    """
    wanted = {name.strip().lower() for name in offered}
    for name in SUBPROTOCOLS:
        if name in wanted:
            return name
    return assumed if not wanted and assumed in SUBPROTOCOLS else None


def credentials_of(header: str | None) -> Credentials | None:
    """Basic credentials; the password starts after the first colon and may hold any byte."""
    if not header:
        return None
    scheme, _blank, encoded = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    user, colon, password = decoded.partition(b":")
    return Credentials(user, password) if colon else None
