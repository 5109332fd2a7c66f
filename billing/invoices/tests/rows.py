"""Invoices, their files and deliveries for tests."""

from __future__ import annotations

import hashlib

from billing.invoices.delivery_models import Delivery, InvoiceFile
from billing.invoices.models import Invoice
from core.files.store import keep
from core.ids import public_id
from core.tenancy.scopes import operator_scope
from tests.factories.invoices import make_draft, make_issued

__all__ = ["make_delivery_of", "make_draft", "make_issued"]


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
