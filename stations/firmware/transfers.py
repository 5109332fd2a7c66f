"""Addresses of ours that stations fetch from and send to: unguessable, for one purpose each."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from django.conf import settings
from django.urls import reverse

TOKEN_BYTES: Final = 24


def new_token() -> tuple[str, str]:
    """A token and the digest that is kept of it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address(url_name: str, *args: str) -> str:
    """The whole address as a station needs it."""
    return f"{settings.PUBLIC_URL}{reverse(url_name, args=args)}"
