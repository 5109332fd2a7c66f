"""Codes that banks' apps and Swish read: the payload, and its picture as SVG (pure)."""

from __future__ import annotations

import json
import re
from typing import Final

import qrcode

from billing.invoices.document import Document
from core.money import minor_digits

_QUIET: Final = 4


def swish_payload(document: Document) -> str:
    """What the Swish app reads: number, amount and message, none of them to be changed."""
    number = re.sub(r"\D", "", document.payment.swish)
    amount = f"{document.totals.payable:.2f}".replace(".", ",")
    message = document.payment.ocr or document.number
    return f"C{number};{amount};{message};0"


def bank_payload(document: Document) -> str:
    """The Swedish banks' invoice code (usingqr.com, version 1)."""
    tax, payable = document.totals.tax, document.totals.payable
    digits = minor_digits(document.currency)
    values = {
        "uqr": 1,
        "tp": 1,
        "nme": document.seller.name,
        "cc": document.seller.country_code,
        "cid": document.seller.organisation_number,
        "iref": document.payment.ocr or document.number,
        "idt": f"{document.issued_on:%Y%m%d}",
        "ddt": f"{document.due_on:%Y%m%d}" if document.due_on else None,
        "due": float(round(payable, digits)),
        "vat": float(round(tax, digits)),
        "cur": document.currency,
        "pt": "BG",
        "acc": document.payment.bankgiro,
    }
    given = {name: value for name, value in values.items() if value not in {None, ""}}
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))


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
