"""The list of demand models."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Permission
from core.lists.filters import ListFilterSet
from core.lists.spec import CsvColumn, EmptyText, ListAction, ListSpec
from core.lists.tables import ListTable, MomentColumn, TextColumn, TitleColumn
from planning.demand import selectors
from planning.demand.models import DemandModel


class DemandModelFilter(ListFilterSet):
    """Demand models by text."""

    search_fields = ("public_id", "name", "note")

    class Meta:
        model = DemandModel
        fields: list[str] = []


class DemandModelTable(ListTable):
    """Demand models by name."""

    name = TitleColumn(_("Demand model"), detail="demand_model_detail", key="public_id")
    version = TextColumn(_("Version"), end=True)
    layer_count = TextColumn(_("Layers"), end=True)
    changed_at = MomentColumn(_("Changed"))

    class Meta(ListTable.Meta):
        model = DemandModel
        fields: tuple[str, ...] = ()
        order_by = "name"


DEMAND_MODELS = ListSpec(
    name="demand_models",
    title=_("Demand models"),
    permission=Permission.PLANNING_VIEW,
    queryset=lambda _request: selectors.demand_model_rows(),
    filterset=DemandModelFilter,
    table=DemandModelTable,
    csv=(
        CsvColumn("public_id"),
        CsvColumn("name"),
        CsvColumn("version"),
        CsvColumn("layer_count"),
        CsvColumn("note"),
        CsvColumn("created_at"),
        CsvColumn("changed_at"),
    ),
    empty=EmptyText(
        _("No demand model yet"),
        _("A demand model turns layers into energy at places, by assumptions that can be changed."),
        "demand_model_create",
        _("Make a demand model"),
        Permission.PLANNING_EDIT,
    ),
    search_hint=_("Name, id or note"),
    actions=(
        ListAction(
            _("New demand model"), "demand_model_create", permission=Permission.PLANNING_EDIT
        ),
    ),
)
