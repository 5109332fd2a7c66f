"""Invoices, their deliveries, runs and manual items for tests, made without sessions."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from billing.accounts.models import BillingAccount
from billing.invoices.delivery_models import Delivery, InvoiceFile
from billing.invoices.issuing import issue
from billing.invoices.models import Invoice, InvoiceLine, InvoiceTax
from billing.invoices.run_models import BillingRun, ManualItem
from billing.sellers.models import Seller
from core.files.store import keep
from core.ids import public_id
from core.tenancy.scopes import operator_scope


def make_draft(
    seller: Seller, account: BillingAccount, *nets: str, text: str = "Fee", **fields: Any
) -> Invoice:
    """A draft with a line of 25 % VAT for each net amount (default: one of 100)."""
    amounts = [Decimal(net) for net in nets or ("100",)]
    taxes = [(net / 4).quantize(Decimal("0.01")) for net in amounts]
    net, tax = sum(amounts, Decimal()), sum(taxes, Decimal())
    with operator_scope(seller.operator):
        draft: Invoice = Invoice.objects.create(
            operator=seller.operator, public_id=public_id("inv"), seller=seller, account=account,
            kind="invoice", currency="SEK", net=net, tax=tax, gross=net + tax,
            payable=net + tax, open_amount=net + tax, **fields,
        )  # fmt: skip
        InvoiceLine.objects.bulk_create(
            InvoiceLine(
                operator=seller.operator, invoice=draft, position=place, kind="fee",
                description=f"{text} {place}", quantity=Decimal(1), unit="each", unit_price=one,
                net=one, tax=vat, gross=one + vat, tax_rate=Decimal(25), tax_category="S",
                tax_country="SE",
            )
            for place, (one, vat) in enumerate(zip(amounts, taxes, strict=True), 1)
        )  # fmt: skip
        InvoiceTax.objects.create(
            operator=seller.operator, invoice=draft, category="S", rate=Decimal(25),
            country="SE", net=net, tax=tax,
        )  # fmt: skip
    return draft


def make_issued(seller: Seller, account: BillingAccount, *nets: str, **fields: Any) -> Invoice:
    """The same, issued today."""
    draft = make_draft(seller, account, *nets, **fields)
    with operator_scope(seller.operator):
        return issue(draft)


def make_delivery_of(invoice: Invoice, error: str) -> Delivery:
    """Files that hold nothing, and a delivery that failed."""
    with operator_scope(invoice.operator):
        for kind, ending in (("pdf", ".pdf"), ("ubl", ".xml")):
            InvoiceFile.objects.create(
                operator=invoice.operator, invoice=invoice, kind=kind, language="sv",
                path=keep(invoice.operator_id, b"x", ending), size_bytes=1,
                sha256=hashlib.sha256(b"x").hexdigest(),
            )  # fmt: skip
        delivery: Delivery = Delivery.objects.create(
            operator=invoice.operator, public_id=public_id("dlv"), invoice=invoice, way="email",
            addresses=["a@example.com"], state="failed", error=error,
        )  # fmt: skip
    return delivery


def make_run(seller: Seller, **fields: Any) -> BillingRun:
    """A run of November that waits for approval."""
    values = {
        "public_id": public_id("run"),
        "period_from_on": date(2026, 11, 1),
        "period_until_on": date(2026, 11, 30),
        "state": "previewed",
    } | fields
    with operator_scope(seller.operator):
        run: BillingRun = BillingRun.objects.create(
            operator=seller.operator, seller=seller, **values
        )
    return run


def make_manual_item(seller: Seller, account: BillingAccount, **fields: Any) -> ManualItem:
    """An item of 100 before VAT."""
    values = {
        "public_id": public_id("item"),
        "description": "Installation",
        "due_on": date(2026, 11, 1),
        "unit_price": Decimal(100),
        "currency": account.currency,
    } | fields
    with operator_scope(seller.operator):
        item: ManualItem = ManualItem.objects.create(
            operator=seller.operator, seller=seller, account=account, **values
        )
    return item
