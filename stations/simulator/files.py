"""Fetching and sending files as stations do, where the portal itself is at the other end.

Addresses of other servers are not called: such transfers are made believe.
"""

from __future__ import annotations

import re
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

OURS: Final = "/station-files/"
PATIENCE_S: Final = 30.0
_VERSION: Final = re.compile(r"\d+(?:\.\d+)+")
_PIECE_BYTES: Final = 65_536


def is_ours(url: str) -> bool:
    """Whether the portal serves the address."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and OURS in parts.path


def fetch(url: str) -> bool:
    """Read a file to its end and forget it; False when it cannot be had. Blocks."""
    return _call(url, "GET", None) == 200


def send(url: str, name: str, data: bytes) -> bool:
    """Send a file with its name after the address; False when it is not taken. Blocks."""
    return _call(f"{url.rstrip('/')}/{name}", "PUT", data) in (200, 201, 204)


def _call(url: str, method: str, data: bytes | None) -> int:
    parts = urlsplit(url)
    made = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = made(parts.hostname or "", parts.port, timeout=PATIENCE_S)
    try:
        connection.request(method, parts.path, body=data)
        answer = connection.getresponse()
        while answer.read(_PIECE_BYTES):
            pass
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()
    return answer.status


def version_in(url: str) -> str:
    """The version that a file's name tells, such as 1.4.2; empty when it tells none."""
    found = _VERSION.findall(urlsplit(url).path.rpartition("/")[2])
    return found[-1] if found else ""
