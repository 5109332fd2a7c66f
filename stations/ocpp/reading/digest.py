"""Keys of facts: the same station, action and content have the same key, whatever the id."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import orjson


def fact_key(station: str, action: str, *content: Any) -> str:
    """32 hex digits. ``content`` are JSON values; order of object members does not count."""
    return hashlib.blake2b(_canonical([station, action, *content]), digest_size=16).hexdigest()


def undated(at: datetime | None, arrived_at: datetime) -> str | None:
    """What stands in a key for a time that tells nothing: the hour of arrival.

    A station whose clock is not set sends the same content for every session (connector,
    token, meter 0, 1970); without this its second session would pass for a repeat.
    """
    return None if at is not None else arrived_at.strftime("%Y-%m-%dT%H")


def _canonical(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # whole numbers beyond 64 bits, lone surrogates
        return json.dumps(value, sort_keys=True, default=str).encode()
