"""Holding what a customer objects to, until a person has looked at it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from billing.rating.billable import withdraw
from billing.rating.models import BillableItem, BillingState, SessionBilling
from billing.review.models import Hold, HoldGroup
from billing.review.reasons import DISPUTED
from core.audit.services import record


@transaction.atomic
def hold_disputed(*, billing: SessionBilling, reason: str) -> bool:
    """Hold a session that no bill has taken, and take back what may be billed of it.

    False, and nothing changed, where a bill has taken it or it has no price that could be billed.
    """
    row = SessionBilling.objects.select_for_update(of=("self",)).get(pk=billing.pk)
    taken = BillableItem.objects.filter(session_id=row.session_id, taken_at__isnull=False)
    if row.state != BillingState.RATED or taken.exists():
        return False
    withdraw([row.session_id])
    SessionBilling.objects.filter(pk=row.pk).update(state=BillingState.HELD)
    Hold.objects.create(
        operator_id=row.operator_id,
        billing=row,
        code=DISPUTED,
        group=HoldGroup.FINAL,
        opened_at=timezone.now(),
    )
    record(
        "review.dispute",
        row.session,
        operator_id=row.operator_id,
        before={"state": BillingState.RATED},
        after={"state": BillingState.HELD},
        reason=reason,
    )
    return True
