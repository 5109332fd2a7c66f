"""Filters of residents and bays."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.accounts.dated import holding_on
from core.lists.filters import CharFilter, ChoiceFilter, ListFilterSet, ModelChoiceFilter
from core.tenancy.today import operator_today
from customers.residents.models import Bay, FinalBill, Resident
from customers.residents.selectors import search
from stations.sites.models import Site

STATUSES = [("living", _("Lives here")), ("coming", _("Moves in later")), ("gone", _("Moved out"))]
PLACES = [
    ("has", _("Has a bay")),
    ("waits", _("Waits for a bay")),
    ("none", _("No bay")),
]


def site_choices(_request: HttpRequest | None) -> QuerySet[Site]:
    """Sites in scope."""
    rows: QuerySet[Site] = Site.objects.order_by("name", "id")
    return rows


class ResidentFilter(ListFilterSet):
    """Residents by text, site, status, bay and final bill."""

    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    status = ChoiceFilter(method="by_status", label=_("Status"), choices=STATUSES)
    place = ChoiceFilter(method="by_place", label=_("Bay"), choices=PLACES)
    bay = CharFilter(field_name="bay__name", lookup_expr="iexact", label=_("Bay is"))
    final_bill = ChoiceFilter(label=_("Final bill"), choices=FinalBill.choices[1:])
    account = CharFilter(field_name="account__public_id", label=_("Billing account (id)"))
    driver = CharFilter(field_name="driver__public_id", label=_("Driver (id)"))

    class Meta:
        model = Resident
        fields: list[str] = []

    def search(self, queryset: QuerySet[Resident], _name: str, value: str) -> QuerySet[Resident]:
        """Name, object, apartment, bay, address or phone."""
        return search(queryset, value.replace("\x00", "").strip())

    def by_status(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """By the days of moving in and out, today."""
        today = operator_today()
        if value == "gone":
            return queryset.filter(valid_until_on__lt=today)
        if value == "coming":
            return queryset.filter(valid_from_on__gt=today)
        return queryset.filter(holding_on(today))

    def by_place(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """With a bay, waiting for one, or without."""
        if value == "has":
            return queryset.filter(bay__isnull=False)
        without = queryset.filter(bay=None)
        return without.exclude(waits_since_on=None) if value == "waits" else without


class BayFilter(ListFilterSet):
    """Bays by text, site and whether somebody is there."""

    search_fields = ("name", "site__name", "note", "public_id")
    site = ModelChoiceFilter(queryset=site_choices, to_field_name="public_id", label=_("Site"))
    free = ChoiceFilter(
        method="by_free",
        label=_("Today"),
        choices=[("free", _("Free")), ("taken", _("Taken"))],
    )

    class Meta:
        model = Bay
        fields: list[str] = []

    def by_free(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Whether somebody has the bay today."""
        there = Exists(_there(operator_today()))
        return queryset.filter(there) if value == "taken" else queryset.filter(~there)


def _there(today: date) -> QuerySet[Resident]:
    rows: QuerySet[Resident] = Resident.objects.filter(Q(bay=OuterRef("pk")) & holding_on(today))
    return rows
