"""Filters of vehicles."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import holding_on
from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    ListFilterSet,
    ModelChoiceFilter,
)
from core.tenancy.today import operator_today
from customers.drivers.filters import company_choices
from customers.drivers.models import Vehicle, VehicleUse
from customers.drivers.vehicle_selectors import of_company, search_vehicles
from customers.tokens.models import IdToken

VALIDITY = [
    ("active", _("Active")),
    ("not_yet", _("Not valid yet")),
    ("ended", _("Ended")),
]


class VehicleFilter(ListFilterSet):
    """Vehicles by text, status, use, company, driver, cost centre, and whether a card is theirs."""

    status = ChoiceFilter(method="by_status", label=_("Status"), choices=VALIDITY)
    use = ChoiceFilter(label=_("Use"), choices=VehicleUse.choices)
    company = ModelChoiceFilter(
        queryset=company_choices, to_field_name="public_id", method="by_company", label=_("Company")
    )
    driver = CharFilter(field_name="driver__public_id", label=_("Driver (public id)"))
    cost_centre = CharFilter(lookup_expr="iexact", label=_("Cost centre"))
    has_token = BooleanFilter(method="by_token", label=_("Has a card"))

    class Meta:
        model = Vehicle
        fields: list[str] = []

    def search(self, queryset: QuerySet[Vehicle], _name: str, value: str) -> QuerySet[Vehicle]:
        """Number, make, model, driver or company."""
        return search_vehicles(queryset, value.replace("\x00", "").strip())

    def by_status(self, queryset: QuerySet[Vehicle], _name: str, value: str) -> QuerySet[Vehicle]:
        """By the days of validity, today."""
        today = operator_today()
        if value == "not_yet":
            return queryset.filter(valid_from_on__gt=today)
        if value == "ended":
            return queryset.filter(valid_until_on__lt=today)
        return queryset.filter(holding_on(today))

    def by_company(
        self, queryset: QuerySet[Vehicle], _name: str, value: object
    ) -> QuerySet[Vehicle]:
        """The company's own and those of its drivers."""
        return queryset.filter(of_company(str(getattr(value, "public_id", value))))

    def by_token(self, queryset: QuerySet[Vehicle], _name: str, value: bool) -> QuerySet[Vehicle]:
        """Whether a card sits in it."""
        here = Exists(IdToken.objects.filter(vehicle=OuterRef("pk")))
        return queryset.filter(here) if value else queryset.filter(~here)
