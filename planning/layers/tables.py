"""Table of layers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.lists.tables import ListTable, MomentColumn, TextColumn, TitleColumn
from planning.layers.models import Layer


class LayerTable(ListTable):
    """Layers, the newest first."""

    name = TitleColumn(_("Layer"), detail="layer_detail", key="public_id")
    kind = TextColumn(_("Kind"))
    row_count = TextColumn(_("Places"), end=True)
    source = TextColumn(_("Source"))
    source_on = MomentColumn(_("Date of the data"))
    licence = TextColumn(_("Licence"), card_hide=True)
    origin = TextColumn(_("Origin"), card_hide=True)
    created_at = MomentColumn(_("Added"), card_hide=True)

    class Meta(ListTable.Meta):
        model = Layer
        fields: tuple[str, ...] = ()
        order_by = "-created_at"
