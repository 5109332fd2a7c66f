"""Navigation entry of imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """The imports."""
    return [
        NavEntry(
            _("Imports"), "import_list", "upload", Permission.IMPORT_USE, 86, NavGroup.SETTINGS
        )
    ]
