"""What is done for every operator's hosts; one that fails keeps no other waiting."""

from __future__ import annotations

import logging
from datetime import datetime

from billing.settlement.payout_models import BatchState, HostPayout, PayoutState
from billing.settlement.payout_services import match_payouts
from billing.settlement.preparing import places_with_terms, prepare

log = logging.getLogger(__name__)


def match_all_payouts(*, now: datetime) -> int:
    """Match the bank's files with what waits to be paid, operator by operator; returns how many."""
    waiting = HostPayout.objects.filter(
        state=PayoutState.PLANNED, batch__state=BatchState.ORDERED
    ).order_by("operator_id")
    operators = list(waiting.values_list("operator_id", flat=True).distinct())
    count = 0
    for operator_id in operators:
        try:
            count += match_payouts(operator_id=operator_id, now=now)
        except Exception:
            log.exception("host_payouts", extra={"operator": operator_id})
    return count


def prepare_all(*, now: datetime) -> int:
    """Prepare what is over of every host at every site; returns how many drafts there are.

    Each host at a site is a transaction of its own: a run that is killed goes on with the next
    turn, and finds what it made.
    """
    count = 0
    for site_id, host_id in places_with_terms():
        try:
            count += len(prepare(site_id, host_id, now=now))
        except Exception:
            log.exception("statement", extra={"site": site_id, "host": host_id})
    return count
