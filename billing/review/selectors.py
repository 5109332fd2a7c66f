"""Reading the review queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    FilteredRelation,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
)

from billing.rating.models import BillingState, RatedSession, SessionBilling
from billing.review.models import Decision, DecisionState, Hold
from billing.review.reasons import name_of


def queue() -> QuerySet[SessionBilling]:
    """Sessions that wait for a person or a price, the longest held first, with what is at stake."""
    current = RatedSession.objects.filter(session_id=OuterRef("session_id"), is_current=True)
    rows: QuerySet[SessionBilling] = SessionBilling.objects.filter(
        state__in=(BillingState.HELD, BillingState.AWAITING_PRICE)
    )
    return (
        rows.select_related("session__station__site", "tariff_version__tariff")
        .prefetch_related(
            Prefetch("holds", Hold.objects.filter(closed_at=None).order_by("code"), "open_holds")
        )
        .annotate(
            gross=Subquery(current.values("gross")[:1]),
            currency=Subquery(current.values("currency")[:1]),
            held_since_at=Min("holds__opened_at", filter=Q(holds__closed_at=None)),
            proposals=Count(
                "decisions", filter=Q(decisions__state=DecisionState.PROPOSED), distinct=True
            ),
        )
        .order_by("held_since_at", "id")
    )


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many sessions one reason holds, and what they come to in one currency."""

    code: str
    group: str
    sessions: int
    gross: Decimal
    currency: str
    oldest_at: datetime

    @property
    def name(self) -> str:
        """The reason in a few words."""
        return name_of(self.code)


def reason_counts() -> list[ReasonCount]:
    """Reasons of the queue, the most frequent first; one query."""
    rows: Sequence[dict[str, Any]] = list(
        Hold.objects.filter(closed_at=None, billing__state=BillingState.HELD)
        .annotate(
            price=FilteredRelation(
                "billing__session__rated", condition=Q(billing__session__rated__is_current=True)
            )
        )
        .order_by()
        .values("code", "group", "price__currency")
        .annotate(count=Count("pk"), total=Sum("price__gross"), oldest=Min("opened_at"))
    )
    found = [
        ReasonCount(
            one["code"], one["group"], one["count"], one["total"] or Decimal(),
            one["price__currency"] or "", one["oldest"],
        )
        for one in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.sessions, one.code))


def billings() -> QuerySet[SessionBilling]:
    """Billing rows of all sessions, for pages of one."""
    rows: QuerySet[SessionBilling] = SessionBilling.objects.select_related(
        "session__station__site", "session__evse", "account", "tariff_version__tariff", "operator"
    )
    return rows


def holds(billing: SessionBilling) -> QuerySet[Hold]:
    """All holds of a session, open ones first."""
    return Hold.objects.filter(billing=billing).order_by("-closed_at", "code")


def decisions(billing: SessionBilling) -> QuerySet[Decision]:
    """What was decided, the newest first."""
    return Decision.objects.filter(billing=billing).order_by("-proposed_at", "-id")
