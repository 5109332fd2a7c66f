"""Filters that only the API has."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from billing.tariffs.models import TariffVersion, VersionState
from core.lists.filters import ChoiceFilter, ListFilterSet


class VersionFilter(ListFilterSet):
    """Versions by state."""

    search_fields = ("note",)
    state = ChoiceFilter(label=_("State"), choices=VersionState.choices)

    class Meta:
        model = TariffVersion
        fields: list[str] = []
