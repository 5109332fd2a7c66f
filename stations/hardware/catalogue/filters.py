"""Filters of the model catalogue."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import ChoiceFilter, ListFilterSet
from stations.hardware.catalogue.models import HardwareModel
from stations.sites.filters import IN_USE


class ModelFilter(ListFilterSet):
    """Models by text; retired ones only when asked for."""

    search_fields = ("vendor", "model", "name", "public_id")
    use = ChoiceFilter(method="by_use", label=_("Use"), choices=IN_USE)

    class Meta:
        model = HardwareModel
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Without a choice only models in use."""
        found: QuerySet[Any] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("use") else found.filter(retired_on=None)

    def by_use(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """In use, retired or both."""
        return queryset if value == "all" else queryset.filter(retired_on__isnull=value == "in_use")
