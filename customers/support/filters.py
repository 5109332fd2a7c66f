"""Filters of support cases."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.filters import BooleanFilter, CharFilter, ChoiceFilter, DateRange, ListFilterSet
from customers.support.answer_models import CannedAnswer
from customers.support.follow_models import CaseIncident, FollowState
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

    incident = CharFilter(method="by_incident", label=_("Incident (public id)"))

    class Meta:
        model = SupportCase
        fields: list[str] = []

    def by_incident(
        self, queryset: QuerySet[SupportCase], _name: str, value: str
    ) -> QuerySet[SupportCase]:
        """Explained by this incident."""
        links = CaseIncident.objects.filter(incident__public_id=value)
        links = links.exclude(state=FollowState.DROPPED)
        return queryset.filter(pk__in=links.order_by().values("case"))

    def by_fault(
        self, queryset: QuerySet[SupportCase], _name: str, value: bool
    ) -> QuerySet[SupportCase]:
        """With a reported fault in the log, or without."""
        reported = Exists(CaseEntry.objects.filter(case=OuterRef("pk"), kind=EntryKind.FAULT))
        return queryset.filter(reported if value else ~reported)


class AnswerFilter(ListFilterSet):
    """Canned answers by their texts."""

    search_fields = ("name", "text_sv", "text_en", "public_id")

    class Meta:
        model = CannedAnswer
        fields: list[str] = []
