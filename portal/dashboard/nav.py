"""Navigation entry of the operator home."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The home page."""
    return [
        NavEntry(
            _("Overview"), "home", "layout-dashboard", Permission.NETWORK_VIEW, 10, NavGroup.TOP
        )
    ]
