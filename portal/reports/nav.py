"""Navigation entry of the reports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The reports' home."""
    return [
        NavEntry(
            _("Reports"),
            "report_home",
            "chart-line",
            Permission.REPORT_VIEW,
            85,
            NavGroup.FOLLOW_UP,
        )
    ]
