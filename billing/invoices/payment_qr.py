"""What payment codes of banks hold: the Swedish invoice code and the European transfer (pure).

Swedish banking apps read the JSON of ``uqr`` version 1 (bankgiro, plusgiro or IBAN); those of the
euro area read the lines of EPC069-12 version 2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from billing.problem import MoneyProblem

_MOST: Final = Decimal("999999999.99")
_EPC_BYTES: Final = 331


class AccountKind(StrEnum):
    """What number the payee has, as the code writes it."""

    BANKGIRO = "BG"
    PLUSGIRO = "PG"
    IBAN = "IBAN"


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid, and where."""

    name: str
    account_kind: AccountKind
    account: str
    organisation_number: str = ""
    bic: str = ""


def invoice_qr(
    payee: Payee, amount: Decimal, reference: str, *, issued_on: date, due_on: date
) -> str:
    """The Swedish invoice code for an amount in SEK; refuses what apps could not pay."""
    _payable(amount)
    if not payee.name or not payee.account or not reference:
        raise MoneyProblem("qr_incomplete", "The code needs a payee, an account and a reference")
    values: dict[str, object] = {
        "uqr": 1,
        "tp": 1,
        "nme": payee.name,
        "cid": payee.organisation_number,
        "iref": reference,
        "idt": f"{issued_on:%Y%m%d}",
        "ddt": f"{due_on:%Y%m%d}",
        "pt": payee.account_kind.value,
        "acc": payee.account,
    }
    text = json.dumps(
        {key: value for key, value in values.items() if value != ""},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return f'{text[:-1]},"due":{amount:.2f}}}'


def epc_qr(payee: Payee, amount: Decimal, reference: str) -> str:
    """The European transfer for an amount in EUR, its reference as free text."""
    _payable(amount)
    if payee.account_kind is not AccountKind.IBAN:
        raise MoneyProblem("qr_iban", "A European transfer needs an IBAN")
    lines = [
        "BCD", "002", "1", "SCT", payee.bic, payee.name, payee.account.replace(" ", ""),
        f"EUR{amount:.2f}", "", "", reference,
    ]  # fmt: skip
    if not payee.name or len(payee.name) > 70 or len(reference) > 140:
        raise MoneyProblem("qr_incomplete", "Names have 1 to 70 signs, references at most 140")
    if any("\n" in line or "\r" in line for line in lines):
        raise MoneyProblem("qr_lines", "No part may hold a line break")
    text = "\n".join(lines)
    if len(text.encode()) > _EPC_BYTES:
        raise MoneyProblem("qr_too_long", f"The code holds at most {_EPC_BYTES} bytes")
    return text


def _payable(amount: Decimal) -> None:
    if not amount.is_finite() or not 0 < amount <= _MOST or amount != round(amount, 2):
        raise MoneyProblem("qr_amount", "The code needs an amount of whole cents above zero")
