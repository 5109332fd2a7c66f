"""Filters of prices, rates and files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.spot.models import (
    AREA_CHOICES,
    ExchangeRate,
    SpotImport,
    SpotKind,
    SpotPrice,
    SpotSource,
)
from core.imports.models import ImportState
from core.lists.filters import BooleanFilter, ChoiceFilter, DateRange, ListFilterSet, RangeFilter


class _MarketFilter(ListFilterSet):
    """Rows of the operator alone, or of the market."""

    own = BooleanFilter(label=_("Own"), method="by_owner")

    def by_owner(self, queryset: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
        """Own rows come before the market's."""
        return queryset.filter(operator__isnull=not value)


class SpotPriceFilter(_MarketFilter):
    """Prices by zone, time, source and height."""

    search_fields = ("area", "source", "spot_import__file_name")
    area = ChoiceFilter(label=_("Bidding zone"), choices=AREA_CHOICES)
    starts = DateRange(label=_("Time"), field_name="starts_at")
    price = RangeFilter(label=_("EUR/MWh"))
    source = ChoiceFilter(label=_("Source"), choices=SpotSource.choices)

    class Meta:
        model = SpotPrice
        fields: list[str] = []


class ExchangeRateFilter(_MarketFilter):
    """Rates by currency and source."""

    search_fields = ("currency", "source", "spot_import__file_name")
    source = ChoiceFilter(label=_("Source"), choices=SpotSource.choices)

    class Meta:
        model = ExchangeRate
        fields: list[str] = []


class SpotImportFilter(_MarketFilter):
    """Files by kind, state and day."""

    search_fields = ("file_name", "user_label", "reason", "public_id", "area")
    kind = ChoiceFilter(label=_("Kind"), choices=SpotKind.choices)
    state = ChoiceFilter(label=_("State"), choices=ImportState.choices)
    uploaded = DateRange(label=_("Uploaded"), field_name="created_at")

    class Meta:
        model = SpotImport
        fields: list[str] = []
