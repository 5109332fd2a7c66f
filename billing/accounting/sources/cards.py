"""What card providers pay out: to the bank less their fees, out of what cards are owed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from billing.accounting.chart import Use
from billing.accounting.entries import EntryKind
from billing.accounting.sources.payments import Part, moved
from billing.accounting.sources.source import Ledger, Problem, drafted, unbooked
from billing.accounting.writing import Draft
from billing.payments.cards.event_models import CardPayout, CardPayoutState
from billing.sellers.models import Seller

CARD_PAYOUT: Final = "card_payout"
CARD_PAYOUT_FAILED: Final = "card_payout_failed"


class CardPayouts:
    """Payouts that were sent, on the day that the bank has them. One that failed after all is
    booked too, and taken back by an entry of its own: what it was made of was collected."""

    kind = CARD_PAYOUT

    def pending(self, seller: Seller) -> QuerySet[Any]:
        """Sent, and not booked."""
        rows: QuerySet[CardPayout] = CardPayout.objects.filter(
            card_account__seller=seller,
            state__in=(CardPayoutState.PAID, CardPayoutState.FAILED),
        )
        return unbooked(rows, self.kind)

    def due_until(self, seller: Seller, until_on: date) -> QuerySet[Any]:
        """At the bank up to the day."""
        return self.pending(seller).filter(arrives_on__lte=until_on)

    def drafts(self, rows: Sequence[Any], ledger: Ledger) -> list[Draft | Problem]:
        """Bank and fees against what cards are owed."""
        return drafted(self.kind, rows, lambda row: self._draft(row, ledger))

    def _parts(self, row: CardPayout) -> list[Part]:
        return [
            (Use.BANK, row.amount, ""),
            (Use.PAYMENT_FEES, row.fee, ""),
            (Use.CARD_CLEARING, -row.gross, ""),
        ]

    def _draft(self, row: CardPayout, ledger: Ledger) -> Draft:
        entry, _none = moved(
            ledger.chart, EntryKind.PAYOUT, row.arrives_on, row.public_id, row.currency,
            self._parts(row), row.ref,
        )  # fmt: skip
        return Draft(
            seller_id=ledger.seller.pk, entry=entry, source_kind=self.kind, source_id=row.pk
        )


class FailedCardPayouts(CardPayouts):
    """Payouts that the bank sent back: owed by the provider again."""

    kind = CARD_PAYOUT_FAILED

    def pending(self, seller: Seller) -> QuerySet[Any]:
        """Failed, and not taken back."""
        rows: QuerySet[CardPayout] = CardPayout.objects.filter(
            card_account__seller=seller, state=CardPayoutState.FAILED
        )
        return unbooked(rows, self.kind)

    def _parts(self, row: CardPayout) -> list[Part]:
        amount: Decimal = row.amount
        return [(Use.BANK, -amount, ""), (Use.CARD_CLEARING, amount, "")]
