"""Reading card payments, disputes, events and payouts for pages and the API."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.event_models import CardPayout, ProviderEvent
from billing.payments.cards.models import CardDispute, CardPayment, CardPaymentPart, CardState
from billing.payments.cards.states import LIVE
from billing.payments.models import Payment
from billing.sellers.models import Seller


def card_payments() -> QuerySet[CardPayment]:
    """All card payments, the latest first."""
    rows: QuerySet[CardPayment] = CardPayment.objects.select_related(
        "account", "card_account__seller", "method", "payment"
    )
    return rows.order_by("-created_at", "-id")


def failed_payments() -> QuerySet[CardPayment]:
    """The last attempts that failed for invoices which are open still and not being paid: what
    somebody should look after."""
    parts = CardPaymentPart.objects.filter(card_payment=OuterRef("pk"), invoice__open_amount__gt=0)
    later = CardPaymentPart.objects.filter(
        invoice=OuterRef("invoice"), card_payment_id__gt=OuterRef("card_payment_id")
    )
    moving = CardPaymentPart.objects.filter(
        invoice=OuterRef("invoice"), card_payment__state__in=[one.value for one in LIVE]
    )
    waiting = parts.filter(~Exists(later), ~Exists(moving))
    return card_payments().filter(Exists(waiting), state=CardState.FAILED)


def card_payment_of(payment: Payment) -> CardPayment | None:
    """By which card payment a payment came."""
    found: CardPayment | None = card_payments().filter(payment=payment).first()
    return found


def disputes() -> QuerySet[CardDispute]:
    """All disputes, the latest first."""
    rows: QuerySet[CardDispute] = CardDispute.objects.select_related(
        "card_payment__account", "card_account__seller", "reversal"
    )
    return rows.order_by("-opened_at", "-id")


def events() -> QuerySet[ProviderEvent]:
    """All webhooks without their raw copies, the latest first."""
    rows: QuerySet[ProviderEvent] = ProviderEvent.objects.select_related("card_account__seller")
    return rows.defer("raw").order_by("-received_at", "-id")


def payouts() -> QuerySet[CardPayout]:
    """All payouts, the latest first."""
    rows: QuerySet[CardPayout] = CardPayout.objects.select_related(
        "card_account__seller", "bank_transaction"
    )
    return rows.order_by("-arrives_on", "-id")


def card_accounts() -> QuerySet[ProviderAccount]:
    """Accounts at providers, for cards before those for terminals, by seller."""
    rows: QuerySet[ProviderAccount] = ProviderAccount.objects.select_related("seller")
    return rows.order_by("is_terminal", "seller__name", "pk")


def sellers_without(*, at_terminals: bool = False) -> QuerySet[Seller]:
    """Sellers that take no cards yet, or have no terminals."""
    taken = ProviderAccount.objects.filter(seller=OuterRef("pk"), is_terminal=at_terminals)
    rows: QuerySet[Seller] = Seller.objects.filter(~Exists(taken), retired_on=None, is_host=False)
    return rows.order_by("-is_default", "name")
