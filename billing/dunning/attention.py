"""What dunning lacks: the reference rate of this half-year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy

from billing.accounts.dated import operator_day
from billing.dunning.models import DunningPlan
from billing.dunning.rates import half_year_of, is_missing
from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason

NO_RATE: Final = Reason(
    "reference_rate_missing", gettext_lazy("Reference rate missing"), "warn", "chart-line"
)


class DunningAttention:
    """Two queries: the plan that is switched on, and the operator's rates."""

    permission = Permission.PAYMENT_VIEW
    reasons = (NO_RATE,)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """Once for an operator whose plan asks interest."""
        plans = DunningPlan.objects.filter(is_active=True, asks_interest=True)
        for plan in plans.select_related("operator"):
            today = operator_day(plan.operator, now)
            if is_missing(plan.operator_id, today):
                yield Concern(
                    reason=NO_RATE,
                    subject=f"{half_year_of(today)}",
                    text=gettext_lazy(
                        "No late interest is asked for the days of this half-year until its "
                        "reference rate is entered."
                    ),
                    since_at=None,
                    url=reverse("reference_rates"),
                    place_ref="",
                    place="",
                )


source = DunningAttention()
