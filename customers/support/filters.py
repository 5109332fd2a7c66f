"""Filters of support cases."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import BooleanFilter, CharFilter, ChoiceFilter, DateRange, ListFilterSet
from customers.support.models import CaseEntry, CaseOutcome, CaseState, EntryKind, SupportCase


class CaseFilter(ListFilterSet):
    """Cases by text, state, outcome, time, station, driver and reported faults."""

    search_fields = (
        "public_id",
        "asked",
        "caller_name",
        "caller_phone",
        "driver__name",
        "station__name",
        "evse__public_id",
        "opened_by_label",
    )
    state = ChoiceFilter(label=_("State"), choices=CaseState.choices)
    outcome = ChoiceFilter(label=_("Outcome"), choices=CaseOutcome.choices)
    opened = DateRange(label=_("Opened"), field_name="opened_at")
    fault = BooleanFilter(method="by_fault", label=_("Fault reported"))
    station = CharFilter(field_name="station__public_id", label=_("Station (public id)"))
    driver = CharFilter(field_name="driver__public_id", label=_("Driver (public id)"))

    class Meta:
        model = SupportCase
        fields: list[str] = []

    def by_fault(
        self, queryset: QuerySet[SupportCase], _name: str, value: bool
    ) -> QuerySet[SupportCase]:
        """With a reported fault in the log, or without."""
        reported = Exists(CaseEntry.objects.filter(case=OuterRef("pk"), kind=EntryKind.FAULT))
        return queryset.filter(reported if value else ~reported)
