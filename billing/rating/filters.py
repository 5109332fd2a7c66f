"""Filters of rated sessions."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _
from django_filters import DateFilter

from billing.rating.models import BillingState, RatedSession
from core.forms import day_widget
from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
    MultipleChoiceFilter,
    RangeFilter,
)
from stations.hardware.filters import site_choices
from stations.sessions.models import KNOWS_VEHICLE, Session
from stations.sessions.place_class import in_place_class
from stations.sites.choices import PlaceClass

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
    place_class = ChoiceFilter(
        method="by_place_class", label=_("Place class"), choices=PlaceClass.choices[1:]
    )
    vehicle = CharFilter(method="by_vehicle", label=_("Vehicle (public id)"))
    tariff = CharFilter(
        field_name="tariff_version__tariff__public_id", label=_("Tariff (public id)")
    )

    class Meta:
        model = RatedSession
        fields: list[str] = []

    def by_place_class(
        self, queryset: QuerySet[RatedSession], _name: str, value: str
    ) -> QuerySet[RatedSession]:
        """What the place was when the session began."""
        return queryset.filter(in_place_class(value, "session__"))

    def by_vehicle(
        self, queryset: QuerySet[RatedSession], _name: str, value: str
    ) -> QuerySet[RatedSession]:
        """Of sessions whose card sat in the vehicle when they began."""
        named = Session.objects.annotate(vehicle_ref=KT("token_snapshot__vehicle"))
        found = named.filter(KNOWS_VEHICLE, vehicle_ref=value).order_by()
        return queryset.filter(session__in=found.values("pk"))
