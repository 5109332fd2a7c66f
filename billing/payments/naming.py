"""Finding the invoice, account or payment that a person writes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceKind, InvoiceState
from billing.payments.models import Payment
from billing.payments.sorting import Part
from core.errors import InvalidInput


def named_invoice(text: str, field: str = "parts") -> Invoice:
    """The issued invoice with this number, OCR or id; InvalidInput where none or several are."""
    text = text.strip().replace("\x00", "")
    found = list(
        Invoice.objects.filter(Q(number=text) | Q(ocr=text) | Q(public_id=text))
        .filter(kind=InvoiceKind.INVOICE)
        .exclude(state=InvoiceState.DRAFT)
        .select_related("account")[:2]
    )
    if not text or len(found) != 1:
        raise InvalidInput(
            "no_invoice",
            _("No invoice, or more than one, is %(text)s.") % {"text": text[:60]},
            field=field,
        )
    invoice: Invoice = found[0]
    return invoice


def named_account(text: str, field: str = "account") -> BillingAccount:
    """The account with this id or exact name; InvalidInput where none or several are."""
    text = text.strip().replace("\x00", "")
    found = list(
        BillingAccount.objects.filter(Q(public_id=text) | Q(name__iexact=text)).select_related(
            "operator"
        )[:2]
    )
    if not text or len(found) != 1:
        raise InvalidInput(
            "no_account",
            _("No billing account, or more than one, is %(text)s.") % {"text": text[:60]},
            field=field,
        )
    account: BillingAccount = found[0]
    return account


def named_payment(text: str, field: str = "payment") -> Payment:
    """The payment with this id; InvalidInput where there is none."""
    text = text.strip().replace("\x00", "")
    found: Payment | None = Payment.objects.filter(public_id=text).first()
    if found is None:
        raise InvalidInput(
            "no_payment", _("No payment is %(text)s.") % {"text": text[:60]}, field=field
        )
    return found


def named_part(text: str, amount: Decimal | None) -> Part:
    """A share for an invoice, where the text is one, else for an account."""
    try:
        return Part(invoice=named_invoice(text), amount=amount)
    except InvalidInput:
        return Part(account=named_account(text, "parts"), amount=amount)


def parts_of(lines: Iterable[str]) -> list[Part]:
    """Lines of an invoice or account and, after a semicolon, an amount."""
    found = []
    for line in lines:
        if not line.strip():
            continue
        text, _sep, amount = line.partition(";")
        found.append(named_part(text, _amount(amount)))
    return found


def _amount(text: str) -> Decimal | None:
    plain = "".join(text.split()).replace(",", ".")
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise InvalidInput(
            "amount", _("%(text)s is no amount.") % {"text": text.strip()[:40]}, field="parts"
        )
    return number
