"""Navigation entries of the planning app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """Layers."""
    return [
        NavEntry(
            _("Layers"), "layer_list", "stack-2", Permission.PLANNING_VIEW, 174, NavGroup.PLANNING
        ),
    ]
