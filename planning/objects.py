"""What history can hang on: layers, demand models and studies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind
from planning.demand.models import DemandModel
from planning.layers.models import Layer
from planning.studies.models import Study


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
        ObjectKind(
            name="demand_model",
            label=_("Demand model"),
            model=DemandModel,
            page="demand_model_detail",
            view=Permission.PLANNING_VIEW,
        ),
        ObjectKind(
            name="study",
            label=_("Study"),
            model=Study,
            page="study_detail",
            view=Permission.PLANNING_VIEW,
        ),
    ]
