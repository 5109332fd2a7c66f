"""Filters of the completeness lists; they show what has gaps unless asked for one element."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import ChoiceFilter, ListFilterSet, ModelChoiceFilter
from stations.hardware.completeness.elements import EVSE_ELEMENTS, SITE_ELEMENTS
from stations.hardware.completeness.selectors import with_gaps
from stations.hardware.filters import site_choices
from stations.hardware.models import Evse
from stations.sites.models import Site


class SiteGapFilter(ListFilterSet):
    """Sites by text and by what they lack."""

    search_fields = ("name", "city", "public_id")
    missing = ChoiceFilter(
        method="by_missing",
        label=_("Lacks"),
        choices=[(one.key, one.label) for one in SITE_ELEMENTS],
    )

    class Meta:
        model = Site
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only rows that lack something."""
        return with_gaps(super().filter_queryset(queryset), SITE_ELEMENTS)

    def by_missing(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Rows that lack one element."""
        return queryset.filter(**{f"lacks_{value}": True})


class EvseGapFilter(ListFilterSet):
    """EVSEs by text, site and by what they lack."""

    search_fields = ("public_id", "station__name", "station__identity", "station__site__name")
    missing = ChoiceFilter(
        method="by_missing",
        label=_("Lacks"),
        choices=[(one.key, one.label) for one in EVSE_ELEMENTS],
    )
    site = ModelChoiceFilter(
        field_name="station__site",
        queryset=site_choices,
        to_field_name="public_id",
        label=_("Site"),
    )

    class Meta:
        model = Evse
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Only rows that lack something."""
        return with_gaps(super().filter_queryset(queryset), EVSE_ELEMENTS)

    def by_missing(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Rows that lack one element."""
        return queryset.filter(**{f"lacks_{value}": True})
