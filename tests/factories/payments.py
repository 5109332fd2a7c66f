"""Bank files and payments for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from billing.accounts.models import BillingAccount
from billing.payments.bank_models import BankFile, BankTransaction
from billing.payments.models import Payment, PayoutFile, Refund
from billing.sellers.models import Seller
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


def make_payment(account: BillingAccount, **fields: Any) -> Payment:
    """100 kronor by hand on 2 November 2026."""
    values = {
        "public_id": public_id("pay"),
        "amount": Decimal(100),
        "currency": "SEK",
        "booked_on": date(2026, 11, 2),
        "identified_on": date(2026, 11, 2),
        "source": "manual",
        "user_label": "Anna",
    } | fields
    with across_operators("tests make rows of any operator"):
        payment: Payment = Payment.objects.create(
            operator=account.operator, account=account, **values
        )
    return payment


def make_refund(account: BillingAccount, **fields: Any) -> Refund:
    """40 kronor of a payment of 100."""
    values = {
        "public_id": public_id("ref"),
        "amount": Decimal(40),
        "currency": "SEK",
        "name": account.name,
        "reason": "paid twice",
        "pay_on": date(2026, 11, 3),
        "user_label": "Anna",
    } | fields
    payment = make_payment(account)
    with across_operators("tests make rows of any operator"):
        refund: Refund = Refund.objects.create(
            operator=account.operator, account=account, payment=payment, **values
        )
    return refund


def make_payout_file(seller: Seller, **fields: Any) -> PayoutFile:
    """A file that says nothing."""
    values = {
        "public_id": public_id("pof"),
        "content": b"<a/>",
        "sha256": "0" * 64,
        "refund_count": 1,
        "amount": Decimal(40),
        "currency": "SEK",
        "user_label": "Anna",
    } | fields
    with across_operators("tests make rows of any operator"):
        file: PayoutFile = PayoutFile.objects.create(
            operator=seller.operator, seller=seller, **values
        )
    return file
