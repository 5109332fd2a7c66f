"""Rating with judgement, and trying held sessions again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from billing.rating.models import BillingState, SessionBilling
from billing.rating.services import BATCH, rate_due_sessions
from billing.review.judge import RulesJudge
from billing.review.models import Hold
from billing.review.reasons import RETRYABLE
from core.audit.services import record

TRY_AGAIN_AFTER: Final = timedelta(minutes=15)
MOST_RETRIED: Final = 2_000


def rate_due(*, now: datetime, batches: int = 20) -> int:
    """Rate what is due, batch by batch, and hold what is doubtful; returns how many."""
    done = 0
    for _batch in range(batches):
        count = rate_due_sessions(judge=RulesJudge(now), now=now, limit=BATCH)
        done += count
        if count < BATCH:
            break
    return done


def rate_now(*, billing: SessionBilling, now: datetime) -> SessionBilling:
    """Rate one session at once, in the caller's transaction."""
    SessionBilling.objects.filter(pk=billing.pk).update(is_due=True)
    rate_due_sessions(judge=RulesJudge(now), now=now, limit=1, only=billing.pk)
    billing.refresh_from_db()
    return billing


def retry_held(*, now: datetime) -> int:
    """Make due what may have come right by itself: tariffs, accounts and prices arrive later."""
    waiting = SessionBilling.objects.filter(
        is_due=False, rated_at__lt=now - TRY_AGAIN_AFTER
    ).filter(
        Q(state=BillingState.AWAITING_PRICE)
        | Q(
            state=BillingState.HELD,
            pk__in=Hold.objects.filter(closed_at=None, code__in=RETRYABLE).values("billing_id"),
        )
    )
    ids = list(waiting.order_by("rated_at", "id").values_list("pk", flat=True)[:MOST_RETRIED])
    return SessionBilling.objects.filter(pk__in=ids, is_due=False).update(is_due=True)


@transaction.atomic
def request_retry(*, billing: SessionBilling, reason: str = "") -> None:
    """Have a session rated again with the tariffs, accounts and readings of now, soon."""
    SessionBilling.objects.filter(pk=billing.pk).update(is_due=True)
    record("session.rate", billing.session, operator_id=billing.operator_id, reason=reason)
