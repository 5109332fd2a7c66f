"""Filters of drivers."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.lists.filters import CharFilter, ChoiceFilter, ListFilterSet, ModelChoiceFilter
from core.tenancy.today import operator_today
from customers.companies.models import Company
from customers.drivers.models import Driver, DriverStatus
from customers.drivers.selectors import search

VALIDITY = [
    ("active", _("Active")),
    ("blocked", _("Blocked")),
    ("not_yet", _("Not valid yet")),
    ("ended", _("Ended")),
]


def company_choices(_request: HttpRequest | None) -> QuerySet[Company]:
    """Companies of the operator in scope."""
    rows: QuerySet[Company] = Company.objects.order_by("name", "id")
    return rows


class DriverFilter(ListFilterSet):
    """Drivers by text, status, company and employee number."""

    status = ChoiceFilter(method="by_status", label=_("Status"), choices=VALIDITY)
    company = ModelChoiceFilter(
        queryset=company_choices, to_field_name="public_id", label=_("Company")
    )
    employee_number = CharFilter(lookup_expr="iexact", label=_("Employee number"))

    cost_centre = CharFilter(lookup_expr="iexact", label=_("Cost centre"))

    class Meta:
        model = Driver
        fields: list[str] = []

    def search(self, queryset: QuerySet[Driver], _name: str, value: str) -> QuerySet[Driver]:
        """Name, e-mail, phone, employee number, vehicle or company."""
        return search(queryset, value.replace("\x00", "").strip())

    def by_status(self, queryset: QuerySet[Driver], _name: str, value: str) -> QuerySet[Driver]:
        """As the list shows it: blocked comes before the days of validity."""
        today = operator_today()
        if value == "blocked":
            return queryset.filter(status=DriverStatus.BLOCKED)
        active = queryset.filter(status=DriverStatus.ACTIVE)
        if value == "not_yet":
            return active.filter(valid_from_on__gt=today)
        if value == "ended":
            return active.filter(valid_until_on__lt=today)
        return active.filter(
            Q(valid_from_on=None) | Q(valid_from_on__lte=today),
            Q(valid_until_on=None) | Q(valid_until_on__gte=today),
        )
