"""Navigation entry of the operator's setup."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The setup page."""
    return [
        NavEntry(
            _("Operator"),
            "operator_setup",
            "building",
            Permission.OPERATOR_EDIT,
            95,
            NavGroup.SETTINGS,
        )
    ]
