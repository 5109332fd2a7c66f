"""Navigation entry of API tokens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """API tokens."""
    return [
        NavEntry(
            _("API tokens"), "api_token_list", "key", Permission.API_MANAGE, 94, NavGroup.SETTINGS
        )
    ]
