"""Proposed decisions about sessions that nothing holds any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from billing.rating.models import SessionBilling
from billing.review.models import Decision, DecisionKind, DecisionState
from core.audit.services import record

LAPSES: Final = (DecisionKind.ACCEPT, DecisionKind.CORRECT, DecisionKind.DROP)
"""To waive has sense without a hold too, so that proposal stays and its page says what changed."""


def lapse(freed: Sequence[SessionBilling], now: datetime) -> None:
    """Close what was proposed about sessions whose doubts went away by themselves."""
    if not freed:
        return
    waiting = list(
        Decision.objects.select_for_update(of=("self",))
        .filter(
            billing__in=[row.pk for row in freed], state=DecisionState.PROPOSED, kind__in=LAPSES
        )
        .select_related("billing__session")
        .order_by("id")
    )
    if not waiting:
        return
    Decision.objects.filter(pk__in=[one.pk for one in waiting]).update(
        state=DecisionState.LAPSED, answered_at=now
    )
    for decision in waiting:
        record(
            "review.lapse",
            decision.billing.session,
            operator_id=decision.operator_id,
            before={"decision": decision.pk, "state": DecisionState.PROPOSED},
            after={"state": DecisionState.LAPSED},
        )
