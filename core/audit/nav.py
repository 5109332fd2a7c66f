"""Navigation entry of the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The audit trail."""
    return [
        NavEntry(
            _("Audit trail"), "audit_list", "history", Permission.AUDIT_VIEW, 90, NavGroup.FOLLOW_UP
        )
    ]
