"""Navigation entries of the planning app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.nav import NavEntry, NavGroup


def entries() -> list[NavEntry]:
    """Studies, demand models and layers."""
    return [
        NavEntry(
            _("Where to build"),
            "study_list",
            "map",
            Permission.PLANNING_VIEW,
            172,
            NavGroup.PLANNING,
        ),
        NavEntry(
            _("Use of the network"),
            "network_use",
            "gauge",
            Permission.PLANNING_VIEW,
            171,
            NavGroup.PLANNING,
        ),
        NavEntry(
            _("Demand models"),
            "demand_model_list",
            "bolt",
            Permission.PLANNING_VIEW,
            173,
            NavGroup.PLANNING,
        ),
        NavEntry(
            _("Layers"), "layer_list", "stack-2", Permission.PLANNING_VIEW, 174, NavGroup.PLANNING
        ),
    ]
