"""Navigation entry of members."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The members of the operator."""
    return [
        NavEntry(
            _("Members"), "member_list", "users", Permission.PEOPLE_MANAGE, 85, NavGroup.SETTINGS
        )
    ]
