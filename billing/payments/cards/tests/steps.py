"""Steps that stories of card payments share."""

from __future__ import annotations

from typing import Any, Final

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.cards import methods, paying
from billing.payments.cards.models import CardPayment
from billing.payments.cards.tests.double import Double

URLS: Final[dict[str, Any]] = {
    "return_url": "http://testserver/paid",
    "cancel_url": "http://testserver/invoices",
}


def pay(account: BillingAccount, *invoices: Invoice, **given: Any) -> CardPayment:
    return paying.pay_now(account=account, invoices=invoices, **URLS, **given)


def save_card(double: Double, account: BillingAccount, card: str = "4242424242424242") -> Any:
    url = methods.start_adding(account=account, **URLS)
    assert double.pay(url.rsplit("/", 1)[-1], card) == ""
    ref = double.objects("checkout.session")[0]["client_reference_id"]
    return paying.returned(account=account, public_id=ref)


def stands(invoice: Invoice) -> tuple[str, str]:
    invoice.refresh_from_db()
    return invoice.state, f"{invoice.paid_amount:.2f}"
