"""The code on an invoice that an app reads, as SVG; none where no app could pay by it (pure)."""

from __future__ import annotations

from typing import Final, Literal

import qrcode

from billing.invoices.document import Document
from billing.invoices.payment_qr import AccountKind, Payee, epc_qr, invoice_qr
from billing.invoices.swish_qr import swish_payload
from billing.problem import MoneyProblem

_QUIET: Final = 4
CodeKind = Literal["swish", "bank"]


def payment_code(document: Document) -> tuple[CodeKind, str] | None:
    """Swish's where the seller takes it, else the banks': Swedish for SEK, European for EUR."""
    payment, amount = document.payment, document.totals.payable
    try:
        if document.currency == "SEK" and payment.swish and payment.ocr:
            payload = swish_payload(payment.swish, amount, payment.ocr, with_length=False)
            return "swish", payload
        payee = _payee(document)
        reference = payment.ocr or document.number
        if document.currency == "EUR" and payment.iban:
            return "bank", epc_qr(payee, amount, reference)
        if document.currency == "SEK" and payee.account and document.due_on:
            days = {"issued_on": document.issued_on, "due_on": document.due_on}
            return "bank", invoice_qr(payee, amount, reference, **days)
    except MoneyProblem:
        return None
    return None


def _payee(document: Document) -> Payee:
    payment, seller = document.payment, document.seller
    accounts = {
        AccountKind.BANKGIRO: payment.bankgiro,
        AccountKind.PLUSGIRO: payment.plusgiro,
        AccountKind.IBAN: payment.iban,
    }
    kinds = list(accounts) if document.currency == "SEK" else [AccountKind.IBAN]
    kind = next((one for one in kinds if accounts[one]), AccountKind.IBAN)
    return Payee(
        name=seller.name,
        account_kind=kind,
        account=accounts[kind],
        organisation_number=seller.organisation_number,
        bic=payment.bic,
    )


def picture(payload: str) -> str:
    """The code as an SVG of one path."""
    # A mask of its own choice: the search for the best of eight costs more than the whole page.
    code = qrcode.QRCode(border=0, mask_pattern=3)
    code.add_data(payload.encode())
    code.make(fit=True)
    rows = code.get_matrix()
    dots = "".join(
        f"M{x + _QUIET},{y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    side = len(rows) + 2 * _QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0,0h{side}v{side}h-{side}z"/><path d="{dots}"/></svg>'
    )
