"""Filters of companies."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import ChoiceFilter, ListFilterSet
from customers.companies.models import Company, CompanyStatus
from customers.companies.selectors import search


class CompanyFilter(ListFilterSet):
    """Companies by text and status."""

    status = ChoiceFilter(label=_("Status"), choices=CompanyStatus.choices)

    class Meta:
        model = Company
        fields: list[str] = []

    def search(self, queryset: QuerySet[Company], _name: str, value: str) -> QuerySet[Company]:
        """Name, organisation number, contact or public id."""
        return search(queryset, value.replace("\x00", "").strip())
