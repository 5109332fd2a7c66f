"""Bank files and payments for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing.payments.bank_models import BankFile, BankTransaction
from core.accounts.models import Operator
from core.ids import public_id
from core.tenancy.scopes import across_operators
from tests.factories.core import number


def make_bank_file(*, operator: Operator, **fields: Any) -> BankFile:
    """A BgMax file that says nothing."""
    n = number()
    values = {
        "public_id": public_id("bf"),
        "format": "bgmax",
        "file_name": f"file{n}.txt",
        "key": f"bgmax:50501055:{n}",
        "sha256": f"{n:064x}",
        "raw": b"raw",
        "size_bytes": 3,
        "accounts": ["50501055"],
        "transaction_count": 1,
        "user_label": "Anna",
    } | fields
    with across_operators("tests make rows of any operator"):
        file: BankFile = BankFile.objects.create(operator=operator, **values)
    return file


def make_bank_transaction(file: BankFile, **fields: Any) -> BankTransaction:
    """100 kronor in on 2 November 2026."""
    n = number()
    values = {
        "public_id": public_id("bt"),
        "position": n,
        "key": f"50501055:{n}",
        "bank_account": "50501055",
        "direction": "credit",
        "amount": Decimal(100),
        "currency": "SEK",
        "booked_on": date(2026, 11, 2),
        "payer_name": f"Payer {n}",
    } | fields
    with across_operators("tests make rows of any operator"):
        row: BankTransaction = BankTransaction.objects.create(
            operator=file.operator, bank_file=file, **values
        )
    return row
