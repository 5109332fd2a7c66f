"""Filters of layers."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import BooleanFilter, ChoiceFilter, ListFilterSet
from planning.layers.kinds import LayerKind, LayerOrigin
from planning.layers.models import Layer


class LayerFilter(ListFilterSet):
    """Layers by text, kind, origin, and whether they are put away."""

    kind = ChoiceFilter(label=_("Kind"), choices=LayerKind.choices)
    origin = ChoiceFilter(label=_("Origin"), choices=LayerOrigin.choices)
    is_archived = BooleanFilter(label=_("Put away"))

    class Meta:
        model = Layer
        fields: list[str] = []

    def search(self, queryset: QuerySet[Layer], _name: str, value: str) -> QuerySet[Layer]:
        """Name, source or file."""
        text = value.replace("\x00", "").strip()
        return queryset.filter(
            Q(name__icontains=text) | Q(source__icontains=text) | Q(file_name__icontains=text)
        )
