"""Card payments that wait for a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy

from billing.payments.cards.event_models import CardPayoutState, EventState
from billing.payments.cards.holds import expiring_holds
from billing.payments.cards.models import DisputeState
from billing.payments.cards.payouts import LATE, unread_payouts
from billing.payments.cards.selectors import disputes, events, payouts
from core.accounts.permissions import Permission
from core.attention.sources import Concern, Reason
from core.ui import units

DISPUTE: Final = Reason("card_dispute", gettext_lazy("Dispute to be answered"), "bad", "hand-stop")
EVENT: Final = Reason(
    "card_event_failed", gettext_lazy("Webhook that was not applied"), "warn", "alert-triangle"
)
HOLD: Final = Reason("card_hold_expires", gettext_lazy("Hold that lapses soon"), "warn", "clock")
PAYOUT: Final = Reason(
    "card_payout_missing", gettext_lazy("Payout not seen at the bank"), "warn", "arrow-down-left"
)
UNREAD: Final = Reason(
    "card_payout_unread", gettext_lazy("Payout that cannot be read"), "warn", "alert-triangle"
)
_MOST: Final = 100


class CardAttention:
    """Five queries: disputes, webhooks, holds, payouts, and those that cannot be read."""

    permission = Permission.PAYMENT_VIEW
    reasons = (DISPUTE, EVENT, HOLD, PAYOUT, UNREAD)

    def concerns(self, now: datetime) -> Iterable[Concern]:
        """The most urgent kinds first."""
        for dispute in disputes().filter(state=DisputeState.NEEDS_RESPONSE)[:_MOST]:
            yield _concern(
                DISPUTE, str(dispute), units.money(dispute.amount, dispute.currency),
                dispute.opened_at, reverse("card_dispute_detail", args=[dispute.public_id]),
            )  # fmt: skip
        for event in events().filter(state=EventState.FAILED)[:_MOST]:
            url = reverse("card_event_detail", args=[event.pk])
            yield _concern(EVENT, event.kind, event.error, event.received_at, url)
        for hold in expiring_holds(now)[:_MOST]:
            yield _concern(
                HOLD, str(hold), units.money(hold.amount, hold.currency), hold.created_at,
                reverse("card_payment_detail", args=[hold.public_id]),
            )  # fmt: skip
        late = payouts().filter(
            state=CardPayoutState.PAID, bank_transaction=None, amount__gt=0,
            arrives_on__lt=(now - LATE - timedelta(days=1)).date(),
        )  # fmt: skip
        for payout in late[:_MOST]:
            yield _concern(
                PAYOUT, str(payout), units.money(payout.amount, payout.currency),
                payout.created_at, reverse("card_payout_detail", args=[payout.public_id]),
            )  # fmt: skip
        for unread in unread_payouts(now)[:_MOST]:
            text = f"{units.money(unread.amount, unread.currency)}: {unread.why}"
            yield _concern(
                UNREAD, f"{unread.card_account.seller} / {unread.ref}", text, unread.since_at,
                reverse("card_payout_list"),
            )  # fmt: skip


def _concern(reason: Reason, subject: str, text: str, since: datetime, url: str) -> Concern:
    return Concern(
        reason=reason, subject=subject, text=text, since_at=since, url=url, place_ref="", place=""
    )


source = CardAttention()
