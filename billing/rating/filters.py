"""Filters of rated sessions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import DateFilter

from billing.rating.models import BillingState, RatedSession
from core.forms import day_widget
from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
    RangeFilter,
)
from stations.hardware.filters import site_choices

_STATES = [one for one in BillingState.choices if one[0] not in ("waiting", "free")]


class RatedSessionFilter(ListFilterSet):
    """Rated sessions by text, state, place, payer, tariff, day and amount."""

    search_fields = (
        "public_id",
        "session__public_id",
        "session__id_token",
        "station__name",
        "site__name",
    )
    state = MultipleChoiceFilter(
        field_name="session__billing__state", label=_("State"), choices=_STATES, distinct=False
    )
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    stopped = DateRange(label=_("Ended"), field_name="stopped_at")
    delivered_from = DateFilter(
        field_name="delivered_on",
        lookup_expr="gte",
        label=_("Day at the site from"),
        widget=day_widget(),
    )
    delivered_to = DateFilter(
        field_name="delivered_on",
        lookup_expr="lte",
        label=_("Day at the site to"),
        widget=day_widget(),
    )
    gross = RangeFilter(label=_("Total with VAT"))
    interpolated = BooleanFilter(field_name="is_interpolated", label=_("Partly interpolated"))
    station = CharFilter(field_name="station__public_id", label=_("Station (public id)"))
    session = CharFilter(field_name="session__public_id", label=_("Session (public id)"))
    account = CharFilter(field_name="account__public_id", label=_("Billing account (public id)"))
    tariff = CharFilter(
        field_name="tariff_version__tariff__public_id", label=_("Tariff (public id)")
    )

    class Meta:
        model = RatedSession
        fields: list[str] = []
