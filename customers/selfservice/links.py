"""The signed link of a customer's invitation."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from core.tenancy.scopes import across_operators
from customers.selfservice.models import CustomerInvitation

_SALT: Final = "customers.selfservice.invitation"


def state_of(row: CustomerInvitation, now: datetime) -> str:
    """``open``, ``accepted``, ``withdrawn`` or ``expired``."""
    if row.accepted_at is not None:
        return "accepted"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "open" if now < row.expires_at else "expired"


def token_of(row: CustomerInvitation) -> str:
    """What the link ends in."""
    return signing.dumps([row.pk, row.nonce], salt=_SALT)


def find_invitation(token: str) -> CustomerInvitation | None:
    """The invitation behind a link, whatever its state; None for a forged or replaced one."""
    try:
        pk, nonce = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with across_operators("an invitation names its operator"):
        found: CustomerInvitation | None = (
            CustomerInvitation.objects.select_related("operator", "driver", "company")
            .filter(pk=pk, nonce=nonce, operator__is_active=True)
            .first()
        )
    return found


def link_of(row: CustomerInvitation) -> str:
    """The address that the invited person opens."""
    return settings.PUBLIC_URL + reverse("my_join", args=[token_of(row)])
