"""Guests' money that waits for a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.rating.models import BillableItem
from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from customers.guests.models import OVER, GuestVisit, VisitState

STUCK_AFTER: Final = timedelta(minutes=30)
STUCK: Final = Reason("guest_stuck", gettext_lazy("Guest's money waits"), "warn", "credit-card")
UNPAID: Final = Reason(
    "guest_unpaid", gettext_lazy("Guest's session not paid"), "warn", "credit-card"
)
_SETTLING: Final = gettext_lazy(
    "The cost is not settled. Decide about the session: before the hold lapses all goes back."
)
_CLOSING: Final = gettext_lazy("The money could not be let go or given back yet.")
_UNBILLED: Final = gettext_lazy(
    "It was priced after the guest had settled: waive it, or invoice it by hand."
)
_OPEN: Final = gettext_lazy("The invoice is open: the money was gone before it was collected.")


class GuestAttention:
    """Two queries: visits that do not come to their end, and those of which something is owed."""

    permission = Permission.PAYMENT_VIEW
    reasons = (STUCK, UNPAID)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """Visits that are stuck, then those that are over and not paid."""
        for visit in _stuck(now):
            text = _SETTLING if visit.state == VisitState.SETTLING else _CLOSING
            yield _concern(visit, STUCK, text, visit.since_at)
        for visit in _unpaid():
            text = _OPEN if visit.why == "not_collected" else _UNBILLED
            yield _concern(visit, UNPAID, text, visit.ended_at)


def _visits() -> QuerySet[Any]:
    """With no more than a concern needs: the overview asks for these at every look."""
    rows: QuerySet[Any] = GuestVisit.objects.select_related("evse__station__site").only(
        "public_id", "state", "why", "ended_at", "evse__public_id", "evse__number",
        "evse__station__site__public_id", "evse__station__site__name",
    )  # fmt: skip
    return rows.order_by("-created_at", "-pk")


def _stuck(now: datetime) -> QuerySet[Any]:
    since = Coalesce("ended_at", "asked_at", "ready_at", "created_at")
    rows = _visits().filter(state__in=(VisitState.SETTLING, VisitState.CLOSING))
    stuck: QuerySet[Any] = rows.annotate(since_at=since).filter(since_at__lt=now - STUCK_AFTER)
    return stuck


def _unpaid() -> QuerySet[Any]:
    items = BillableItem.objects.filter(taken_at=None, account__guest_visit__state__in=OVER)
    invoices = Invoice.objects.filter(
        kind=InvoiceKind.INVOICE, open_amount__gt=0, account__guest_visit__state__in=OVER
    ).exclude(state=InvoiceState.DRAFT)
    owed = Q(account__in=items.order_by().values("account_id"))
    owed |= Q(account__in=invoices.order_by().values("account_id"))
    return _visits().filter(owed, state__in=OVER)


def _concern(
    visit: GuestVisit, reason: Reason, text: str | Promise, since_at: datetime | None
) -> Concern:
    site = visit.evse.station.site
    return Concern(
        reason=reason,
        subject=f"{visit.evse} / {visit.public_id}",
        text=text,
        since_at=since_at,
        url=reverse("guest_visit_detail", args=[visit.public_id]),
        place_ref=site.public_id,
        place=site.name,
    )


source = GuestAttention()
