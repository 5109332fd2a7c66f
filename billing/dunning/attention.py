"""What dunning lacks: the reference rate of this half-year, and letters that reach somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy

from billing.accounts.dated import operator_day
from billing.dunning.letters_back import LETTER
from billing.dunning.models import DunningPlan, DunningStep
from billing.dunning.rates import half_year_of, is_missing
from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from core.letters.models import Letter, LetterState

LATELY: Final = timedelta(days=30)
CAME_BACK: Final = Reason(
    "letter_came_back", gettext_lazy("Letter came back"), "warn", "alert-triangle"
)
NO_RATE: Final = Reason(
    "reference_rate_missing", gettext_lazy("Reference rate missing"), "warn", "chart-line"
)


class DunningAttention:
    """Three queries: the plan that is switched on, the operator's rates, and letters that came
    back and were not printed since."""

    permission = Permission.PAYMENT_VIEW
    reasons = (NO_RATE, CAME_BACK)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """A missing rate once for an operator whose plan asks interest; each letter."""
        yield from self._rates(now)
        yield from self._letters(now)

    def _letters(self, now: datetime) -> Iterable[Concern]:
        bounced = Letter.objects.filter(
            kind=LETTER, state=LetterState.BOUNCED, told_at__gte=now - LATELY
        )
        steps = DunningStep.objects.filter(
            public_id__in=bounced.values("ref"), sent_at=None, invoice__open_amount__gt=0
        ).select_related("invoice", "account")
        for step in steps.order_by("pk"):
            yield Concern(
                reason=CAME_BACK,
                subject=f"{step.invoice} · {step.account}",
                text=gettext_lazy("The mail reached nobody: correct the address, or print the "
                                  "letter and post it."),
                since_at=None,
                url=reverse("dunning_letter", args=[step.public_id]),
                place_ref="",
                place="",
            )  # fmt: skip

    def _rates(self, now: datetime) -> Iterable[Concern]:
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
