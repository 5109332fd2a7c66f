"""Filters of the review queue."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.rating.models import BillingState, SessionBilling
from billing.review.models import Decision, DecisionState, Hold, HoldGroup
from core.lists.filters import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    DateRange,
    ListFilterSet,
    ModelChoiceFilter,
)
from stations.hardware.filters import site_choices


class ReviewFilter(ListFilterSet):
    """Held sessions by text, reason, group, place, day and whether a second person is needed."""

    search_fields = (
        "session__public_id",
        "session__id_token",
        "session__station__name",
        "session__station__site__name",
    )
    state = ChoiceFilter(
        label=_("State"),
        choices=[
            (BillingState.HELD.value, BillingState.HELD.label),
            (BillingState.AWAITING_PRICE.value, BillingState.AWAITING_PRICE.label),
        ],
    )
    reason = CharFilter(method="by_reason", label=_("Reason (code)"))
    group = ChoiceFilter(method="by_group", label=_("Group"), choices=HoldGroup.choices)
    site = ModelChoiceFilter(
        field_name="session__station__site",
        queryset=site_choices,
        to_field_name="public_id",
        label=_("Site"),
    )
    stopped = DateRange(label=_("Ended"), field_name="session__stopped_at")
    waits = BooleanFilter(method="by_waiting", label=_("Waits for a second person"))

    class Meta:
        model = SessionBilling
        fields: list[str] = []

    def by_reason(
        self, queryset: QuerySet[SessionBilling], _name: str, value: str
    ) -> QuerySet[SessionBilling]:
        """Sessions that this reason holds."""
        return queryset.filter(pk__in=_held(code=value))

    def by_group(
        self, queryset: QuerySet[SessionBilling], _name: str, value: str
    ) -> QuerySet[SessionBilling]:
        """Sessions that a reason of this group holds."""
        return queryset.filter(pk__in=_held(group=value))

    def by_waiting(
        self, queryset: QuerySet[SessionBilling], _name: str, value: bool
    ) -> QuerySet[SessionBilling]:
        """Sessions with a decision that needs consent, or the others."""
        waiting = Decision.objects.filter(state=DecisionState.PROPOSED).order_by()
        ids = waiting.values("billing_id")
        return queryset.filter(pk__in=ids) if value else queryset.exclude(pk__in=ids)


def _held(**values: str) -> QuerySet[Hold]:
    rows: QuerySet[Hold] = Hold.objects.filter(closed_at=None, **values)
    return rows.order_by().values("billing_id")  # type: ignore[return-value]  # rows of one column
