"""What a payer needs in one block: numbers, reference, sum, day, and a code to scan."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from billing.invoices.document import Document
from billing.invoices.pdf.code import payment_code, picture
from billing.invoices.pdf.writing import Writer


def slip_view(document: Document, write: Writer) -> dict[str, Any] | None:
    """The payment block; None where nothing is to be paid by hand."""
    payment = document.payment
    if document.is_credit_note or payment.is_direct or document.totals.payable <= 0:
        return None
    fields = [
        [_("Amount"), write.money_with_currency(document.totals.payable)],
        [_("OCR / reference"), payment.ocr or document.number],
        [_("Due date"), write.day(document.due_on) if document.due_on else ""],
        [_("Bankgiro"), payment.bankgiro],
        [_("Plusgiro"), payment.plusgiro],
        [_("IBAN"), payment.iban],
        [_("BIC"), payment.bic],
        [_("Swish"), payment.swish],
    ]
    code, label = _code(document)
    return {
        "title": _("How to pay"),
        "fields": [pair for pair in fields if pair[1]],
        "code": code,
        "code_label": label,
    }


def _code(document: Document) -> tuple[str | None, str]:
    found = payment_code(document)
    if found is None:
        return None, ""
    kind, payload = found
    label = _("Scan with Swish") if kind == "swish" else _("Scan with your bank's app")
    return picture(payload), label
