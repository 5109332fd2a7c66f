"""Navigation entries of the customers app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry


def entries() -> list[NavEntry]:
    """Id tokens."""
    return [NavEntry(_("Id tokens"), "token_list", "id-badge", Permission.TOKEN_VIEW, 60)]
