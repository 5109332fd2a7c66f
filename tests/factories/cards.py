"""Card payments for tests, without a provider."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.accounts import PURPOSE
from billing.payments.cards.event_models import CardPayout, CardPayoutPart, ProviderEvent
from billing.payments.cards.models import CardDispute, CardPayment, CardPaymentPart
from billing.sellers.models import Seller
from core.ids import public_id
from core.sealing import seal
from core.tenancy.scopes import across_operators
from tests.factories.core import number

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def make_card_account(seller: Seller, **fields: Any) -> ProviderAccount:
    """A seller that takes test cards."""
    values = {
        "public_id": public_id("cac"),
        "secret_key_sealed": seal(b"sk_test_of_a_factory", PURPOSE),
        "webhook_secret_sealed": seal(b"whsec_of_a_factory", PURPOSE),
        "key_hint": "tory",
    } | fields
    with across_operators("tests make rows of any operator"):
        row: ProviderAccount = ProviderAccount.objects.create(
            operator=seller.operator, seller=seller, **values
        )
    return row


def make_card_payment(
    cards: ProviderAccount, account: BillingAccount, *invoices: Invoice, **fields: Any
) -> CardPayment:
    """100 kronor that the bank refused."""
    values = {
        "public_id": public_id("cpy"), "purpose": "invoices", "amount": Decimal(100),
        "currency": "SEK", "description": "Invoice", "state": "failed", "ref": f"pi_{number()}",
        "failure_code": "card_declined", "decline_code": "insufficient_funds",
        "user_label": "System", "created_at": AT,
    } | fields  # fmt: skip
    with across_operators("tests make rows of any operator"):
        row: CardPayment = CardPayment.objects.create(
            operator=account.operator, card_account=cards, account=account, **values
        )
        for invoice in invoices:
            CardPaymentPart.objects.create(
                operator=account.operator, card_payment=row, invoice=invoice,
                amount=row.amount, is_live=False,
            )  # fmt: skip
    return row


def card_rows(
    seller: Seller, account: BillingAccount, invoice: Invoice, mark: str
) -> dict[str, Any]:
    """One of each by the first word of its address, with ``mark`` where text can stand."""
    n = number()
    cards = make_card_account(seller)
    make_card_account(seller, is_terminal=True, provider="terminal")
    payment = make_card_payment(cards, account, invoice, description=mark, reference="")
    own = {"operator": seller.operator, "card_account": cards}
    with across_operators("tests make rows of any operator"):
        dispute = CardDispute.objects.create(
            **own, public_id=public_id("dsp"), card_payment=payment, ref=f"du_{n}",
            amount=Decimal(100), currency="SEK", reason=mark, state="needs_response",
            opened_at=AT,
        )  # fmt: skip
        event = ProviderEvent.objects.create(
            **own, ref=f"evt_{n}", kind=mark, about="nothing", object_ref="x", raw="{}",
            made_at=AT, state="ignored",
        )  # fmt: skip
        payout = CardPayout.objects.create(
            **own, public_id=public_id("cpo"), ref=f"po_{mark}_{n}", state="paid",
            amount=Decimal(97), gross=Decimal(100), fee=Decimal(3), currency="SEK",
            arrives_on=date(2026, 11, 4), message=mark,
        )  # fmt: skip
        CardPayoutPart.objects.create(
            operator=seller.operator, payout=payout, ref=f"txn_{n}", kind="payment",
            amount=Decimal(100), fee=Decimal(3), net=Decimal(97), card_payment=payment,
        )  # fmt: skip
    return {
        "card-payments": payment,
        "card-disputes": dispute,
        "card-events": event,
        "card-payouts": payout,
    }
