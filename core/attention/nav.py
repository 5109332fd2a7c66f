"""Navigation entry of the attention list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """What needs attention."""
    return [
        NavEntry(
            _("Needs attention"), "attention", "flag", Permission.NETWORK_VIEW, 42, NavGroup.TOP
        ),
    ]
