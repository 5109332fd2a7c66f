"""Paying invoices by the saved card on the day they fall due, and again by the schedule."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from billing.accounts.dated import operator_day
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.cards.account_models import PaymentMethod, ProviderCustomer
from billing.payments.cards.models import CardPayment, CardPaymentPart, Purpose
from billing.payments.cards.paying import check_amount, words_for
from billing.payments.cards.sending import send, write_down
from core.errors import RuleViolation

logger = logging.getLogger(__name__)
A_DAY: Final = timedelta(days=1)
STOPS_AFTER: Final = timedelta(days=21)
"""After this many days past the due day nothing is collected by itself (docs/dunning.md)."""


def due(now: datetime) -> QuerySet[Invoice]:
    """Invoices of customers who pay automatically that are due and may be tried now: not tried
    yet, or the last attempt names this time. Never disputed ones, nor with a payment under way."""
    live = CardPaymentPart.objects.filter(invoice=OuterRef("pk"), is_live=True)
    tries = CardPayment.objects.filter(parts__invoice=OuterRef("pk"), is_automatic=True)
    last = tries.order_by("-created_at", "-pk")
    payers = ProviderCustomer.objects.filter(
        account=OuterRef("account"), pays_automatically=True, card_account__is_active=True,
        card_account__seller=OuterRef("seller"),
    )  # fmt: skip
    rows: QuerySet[Invoice] = (
        Invoice.objects.filter(
            Exists(payers),
            ~Exists(live),
            kind=InvoiceKind.INVOICE,
            open_amount__gt=0,
            is_disputed=False,
            due_on__isnull=False,
        )
        .exclude(state=InvoiceState.DRAFT)
        .annotate(
            last_state=Subquery(last.values("state")[:1]),
            retry_at=Subquery(last.values("retry_at")[:1]),
        )
        .filter(Q(last_state=None) | Q(retry_at__lte=now) | Q(last_state="cancelled"))
        .filter(due_on__range=(now.date() - STOPS_AFTER - A_DAY, now.date() + A_DAY))
    )
    return rows.select_related("account", "operator", "seller").order_by("due_on", "pk")


def collect_due(*, now: datetime, limit: int = 200) -> int:
    """Try what is due, each invoice by itself; returns how many attempts were made."""
    done = 0
    for pk in list(due(now).values_list("pk", flat=True)[:limit]):
        # Read when its turn comes: it may have been paid or tried while others were collected.
        invoice = due(now).filter(pk=pk).first()
        if invoice is None:
            continue
        today = operator_day(invoice.operator, now)
        assert invoice.due_on is not None
        if not invoice.due_on <= today <= invoice.due_on + STOPS_AFTER:
            continue
        try:
            done += collect(invoice, now=now) is not None
        except RuleViolation as refusal:
            logger.info("Invoice %s was not collected: %s", invoice.number, refusal.code)
        except Exception:
            # One that fails stands in nobody's way.
            logger.exception("Invoice %s was not collected", invoice.number)
    return done


def collect(invoice: Invoice, *, now: datetime) -> CardPayment | None:
    """Collect what is open of an invoice by the customer's default card; None where there is no
    such card, or too little is open. Calls the provider."""
    account = invoice.account
    if account is None:
        return None
    method = _method(invoice)
    if method is None:
        return None
    customer = method.customer
    check_amount(customer.card_account, invoice.open_amount, invoice.currency)
    values: dict[str, Any] = {
        "operator_id": invoice.operator_id, "card_account": customer.card_account,
        "account": account, "customer": customer, "method": method,
        "purpose": Purpose.INVOICES, "is_automatic": True, "amount": invoice.open_amount,
        "currency": invoice.currency, "description": words_for([invoice], account.language),
        "language": account.language,
    }  # fmt: skip
    row = write_down(parts=[(invoice, invoice.open_amount)], now=now, **values)
    return send(row, now=now)


def _method(invoice: Invoice) -> PaymentMethod | None:
    rows = PaymentMethod.objects.filter(
        customer__account=invoice.account, customer__card_account__seller=invoice.seller,
        customer__card_account__is_active=True, is_default=True, removed_at=None,
    )  # fmt: skip
    found: PaymentMethod | None = rows.select_related("customer__card_account__operator").first()
    return found
