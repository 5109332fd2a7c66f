"""The sentences of an invoice, in the language that is active."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.invoices.document import Document
from billing.invoices.document_parts import TaxTotal
from billing.invoices.pdf.writing import Writer


def heading(document: Document) -> str:
    """What the document calls itself."""
    if document.is_credit_note:
        return _("Self-billed credit note") if document.is_self_billed else _("Credit note")
    return _("Self-billed invoice") if document.is_self_billed else _("Invoice")


def subheading(document: Document, write: Writer) -> str:
    """The invoice that a credit note corrects."""
    original = document.original
    if original is None:
        return ""
    return _("Corrects invoice %(number)s of %(day)s") % {
        "number": original.number,
        "day": write.day(original.issued_on),
    }


def tax_label(tax: TaxTotal, write: Writer) -> str:
    """The row of a rate in the summary of taxes."""
    names = {
        "S": _("VAT %(rate)s") % {"rate": write.percent(tax.rate)},
        "Z": _("Zero rate"),
        "E": _("Exempt from VAT"),
        "AE": _("Reverse charge"),
        "K": _("Supply within the EU"),
        "G": pgettext("tax", "Export"),
        "O": _("Outside the scope of VAT"),
    }
    return names[tax.category]


def notes(document: Document, write: Writer) -> list[str]:
    """Everything that stands below the totals, in the order of its weight."""
    found = []
    if document.reason:
        found.append(_("Reason: %(reason)s") % {"reason": document.reason})
    found += _legal(document)
    found += [f"{tax_label(tax, write)}: {tax.reason}" for tax in document.taxes if tax.reason]
    found += document.notes
    found += _terms(document)
    return found


def _legal(document: Document) -> list[str]:
    found = []
    if any(tax.category == "AE" for tax in document.taxes):
        found.append(_("Reverse charge: the buyer accounts for the VAT."))
    if document.is_self_billed:
        found.append(_("Self-billing: issued by the buyer in the seller's name."))
    return found


def _terms(document: Document) -> list[str]:
    if document.is_credit_note:
        return [_("The amount is set off against your invoices or paid back.")]
    if document.payment.is_direct:
        return [_("The amount is drawn as agreed; nothing needs to be paid by hand.")]
    if document.totals.payable <= 0:
        return [_("Nothing is to be paid.")]
    if document.late_interest_percent:
        return [
            _("Interest on late payment: the reference rate + %(percent)s percentage points.")
            % {"percent": document.late_interest_percent}
        ]
    return [_("Interest on late payment is charged as the law says.")]


def page_texts() -> dict[str, str]:
    """What stands in heads and feet."""
    return {
        "bill_to": _("Bill to"),
        "carried_from": _("Carried from the page before"),
        "carried_to": _("Carried to the next page"),
        "page_of": _("Page %(page)s of %(pages)s"),
    }
