"""The signed link of an invitation."""

from __future__ import annotations

from django.core import signing

from core.members.models import Invitation
from core.tenancy.scopes import across_operators

_SALT = "core.members.invitation"


def token_of(invitation: Invitation) -> str:
    """What the link ends in."""
    return signing.dumps([invitation.pk, invitation.nonce], salt=_SALT)


def find_invitation(token: str) -> Invitation | None:
    """The invitation behind a link, whatever its state; None for a forged or replaced one."""
    try:
        pk, nonce = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with across_operators("an invitation names its operator"):
        found: Invitation | None = (
            Invitation.objects.select_related("operator", "invited_by")
            .filter(pk=pk, nonce=nonce, operator__is_active=True)
            .first()
        )
    return found
