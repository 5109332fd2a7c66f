"""The status of a token in our words and in OCPP's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from customers.tokens.models import IdToken, TokenStatus

_WORDS = {
    "active": TokenStatus.ACTIVE,
    "accepted": TokenStatus.ACTIVE,
    "expired": TokenStatus.ACTIVE,
    "blocked": TokenStatus.BLOCKED,
    "invalid": TokenStatus.INVALID,
}


def read_status(word: str, given: Mapping[str, Any], token: IdToken | None) -> dict[str, Any]:
    """The columns that a status word stands for.

    ``Expired`` is an active token whose ``expires_at`` has passed: now, unless an instant in
    the past is given. ``Accepted`` without an expiry lifts one of ``token`` that has passed.
    Raises InvalidInput for other words, and for Expired with a future instant.
    """
    word = word.strip().lower()
    status = _WORDS.get(word)
    if status is None:
        raise InvalidInput(
            "status_word",
            _("Write active, blocked or invalid (or Accepted, Blocked, Expired, Invalid)."),
            field="status",
        )
    if word == "accepted" and "expires_at" not in given and token and word_of(token) == "Expired":
        return {"status": status, "expires_at": None}
    if word != "expired":
        return {"status": status}
    now = timezone.now()
    expires_at: datetime = given.get("expires_at") or now
    if expires_at > now:
        raise InvalidInput(
            "expires_later", _("An expired token has its expiry in the past."), field="expires_at"
        )
    return {"status": status, "expires_at": expires_at}


def word_of(token: IdToken) -> str:
    """AuthorizationStatus of OCPP 1.6 for a token as it is now."""
    if token.status == TokenStatus.INVALID:
        return "Invalid"
    if token.status == TokenStatus.BLOCKED:
        return "Blocked"
    is_expired = token.expires_at is not None and token.expires_at <= timezone.now()
    return "Expired" if is_expired else "Accepted"
