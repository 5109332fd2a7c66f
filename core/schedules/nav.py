"""Navigation entry of schedules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The schedules."""
    return [
        NavEntry(
            _("Schedules"),
            "schedule_list",
            "mail",
            Permission.SCHEDULE_MANAGE,
            87,
            NavGroup.FOLLOW_UP,
        )
    ]
