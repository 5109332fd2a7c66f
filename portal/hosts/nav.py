"""Navigation entries of hosts and boards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """Their home, sessions and statements; who works for the operator has fuller pages."""
    return [
        NavEntry(
            _("Our sites"), "host_home", "building", Permission.HOST_VIEW, 10, NavGroup.TOP,
            unless=Permission.NETWORK_VIEW,
        ),
        NavEntry(
            _("Sessions"), "host_session_list", "bolt", Permission.HOST_VIEW, 12, NavGroup.TOP,
            unless=Permission.NETWORK_VIEW,
        ),
        NavEntry(
            _("Statements"), "host_statement_list", "receipt", Permission.HOST_VIEW, 14,
            NavGroup.TOP, unless=Permission.NETWORK_VIEW,
        ),
    ]  # fmt: skip
