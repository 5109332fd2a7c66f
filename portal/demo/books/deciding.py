"""One session that a corrupted meter held, decided as a person of the demo would do it."""

from __future__ import annotations

from typing import Final

from billing.rating.models import BillingState, SessionBilling
from billing.rating.session_facts import Correction
from billing.review.decisions import decide
from billing.review.models import Decision, DecisionKind
from billing.review.neighbours import neighbours_of
from core.accounts.acting import acting_for
from core.accounts.models import Membership, Operator
from core.accounts.permissions import Role

_REASON: Final = (
    "Räkneverket rusade 4 000 kWh vid slutet. Nästa laddning vid samma laddpunkt började där denna "
    "slutade: skillnaden mellan räkneverken är den rätta energin."
)
_CODE: Final = "impossible_power"


def decide_one(operator: Operator) -> bool:
    """Correct the oldest session whose register rushed ahead, from the register of the next one;
    False when it is done, or nobody may, or there is none."""
    accountants = Membership.objects.filter(operator=operator, role=Role.ACCOUNTANT)
    member = accountants.select_related("user", "operator").order_by("pk").first()
    if member is None or Decision.objects.filter(proposed_by=member.user).exists():
        return False
    held = SessionBilling.objects.filter(
        state=BillingState.HELD, holds__code=_CODE, holds__closed_at=None
    )
    for billing in held.select_related("session__evse").order_by("session__started_at", "pk"):
        between = neighbours_of(billing.session)
        if between.energy_wh:
            with acting_for(member):
                decide(
                    billing=billing, kind=DecisionKind.CORRECT, reason=_REASON,
                    correction=Correction(energy_wh=between.energy_wh),
                )  # fmt: skip
            return True
    return False
