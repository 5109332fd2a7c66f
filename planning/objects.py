"""What history can hang on: layers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind
from planning.layers.models import Layer


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        ObjectKind(
            name="layer",
            label=_("Layer"),
            model=Layer,
            page="layer_detail",
            view=Permission.PLANNING_VIEW,
        ),
    ]
