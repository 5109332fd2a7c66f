"""Signing keys of endpoints: made, sealed, and valid for a while after they were replaced."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from core.sealing import seal, unseal
from core.webhooks.models import WebhookEndpoint
from core.webhooks.signing import KEY_BYTES

BOTH_VALID: Final = timedelta(hours=24)
_PURPOSE: Final = "webhook-secret"


def new_key() -> bytes:
    """A random key."""
    return secrets.token_bytes(KEY_BYTES)


def sealed(key: bytes) -> bytes:
    """The key as it is stored."""
    return seal(key, _PURPOSE)


def valid_keys(endpoint: WebhookEndpoint, now: datetime) -> list[bytes]:
    """Keys that sign now, the present one first; Unreadable when SECRET_KEY is another."""
    keys = [unseal(endpoint.sealed_secret, _PURPOSE)]
    until = endpoint.previous_secret_until_at
    if until is not None and until > now and endpoint.sealed_previous_secret:
        keys.append(unseal(endpoint.sealed_previous_secret, _PURPOSE))
    return keys
