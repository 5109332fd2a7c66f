"""Late invoices and what was done about them, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.accounts.models import BillingAccount
from billing.dunning.models import CollectionFile, DunningPause, DunningStep
from billing.sellers.models import Seller
from core.ids import public_id
from core.tenancy.scopes import across_operators
from tests.factories.invoices import make_issued


def dunning_rows(seller: Seller, account: BillingAccount, mark: str) -> dict[str, Any]:
    """One of each by the first word of its address, with ``mark`` where text can stand."""
    invoice = make_issued(seller, account)
    own: dict[str, Any] = {"operator": seller.operator, "account": account, "invoice": invoice}
    with across_operators("tests make rows of any operator"):
        step = DunningStep.objects.create(
            **own, public_id=public_id("dun"), step="reminder", done_on=date(2026, 11, 2), owed=125,
            total=125, currency="SEK", language="sv", subject=mark, letter=mark,
        )  # fmt: skip
        DunningPause.objects.create(
            **own, kind="by_hand", from_on=date(2026, 11, 3), reason=mark, user_label=mark
        )
        file = CollectionFile.objects.create(
            operator=seller.operator, public_id=public_id("col"), content=mark.encode(),
            sha256="0" * 64, invoice_count=1, user_label=mark,
        )  # fmt: skip
    return {"dunning": invoice, "dunning-letters": step, "collection-files": file}
