"""Payments that wait for a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy

from billing.payments.file_selectors import work_list
from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from core.ui import units

UNMATCHED: Final = Reason(
    "payment_unmatched", gettext_lazy("Payment to be sorted out"), "warn", "hand-stop"
)


class PaymentAttention:
    """One query: bank transactions on the work list."""

    permission = Permission.PAYMENT_VIEW
    reasons = (UNMATCHED,)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """The oldest first."""
        for row in work_list():
            yield Concern(
                reason=UNMATCHED,
                subject=row.payer_name or row.bank_id or row.public_id,
                text=f"{units.money(row.amount, row.currency)} · {row.booked_on}",
                since_at=row.created_at,
                url=reverse("bank_transaction_detail", args=[row.public_id]),
                place_ref="",
                place="",
            )


source = PaymentAttention()
