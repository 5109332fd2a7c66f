"""Navigation entry of webhooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """Webhooks."""
    return [
        NavEntry(
            _("Webhooks"), "webhook_list", "send", Permission.API_MANAGE, 96, NavGroup.SETTINGS
        )
    ]
