"""Issued invoices and bank transactions for tests of payments."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing.accounts.models import BillingAccount
from billing.invoices.issuing import issue
from billing.invoices.models import Invoice
from billing.payments.bank_models import BankTransaction
from billing.payments.matching_services import match_due
from billing.sellers.models import Seller
from core.tenancy.scopes import across_operators, operator_scope
from tests.factories.invoices import make_draft
from tests.factories.payments import make_bank_file, make_bank_transaction

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)


def issued(seller: Seller, account: BillingAccount, gross: str, on: str = "2026-10-01") -> Invoice:
    """An invoice of 25 % VAT that was issued on a day."""
    draft = make_draft(seller, account, str(Decimal(gross) * 4 / 5))
    with operator_scope(seller.operator):
        return issue(draft, now=datetime.fromisoformat(f"{on}T10:00:00+00:00"))


def paid(seller: Seller, amount: str, *references: str, **fields: Any) -> BankTransaction:
    """A bank transaction that has been matched."""
    row = make_bank_transaction(
        make_bank_file(operator=seller.operator),
        amount=Decimal(amount),
        references=list(references),
        **fields,
    )
    with across_operators("as the task does it"):
        match_due(now=NOW)
        row.refresh_from_db()
    return row
