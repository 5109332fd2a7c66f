"""Writing items that people enter by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice, InvoiceItem
from billing.invoices.run_models import ManualItem, ManualKind
from billing.sellers.models import Seller
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id

MANUAL_FIELDS: Final = (
    "kind",
    "description",
    "due_on",
    "quantity",
    "unit",
    "unit_price",
    "is_tax_included",
    "tax_percent",
    "site",
    "cost_centre",
    "revenue_account",
    "note",
)
UNITS: Final = ("each", "kWh", "min", "h", "day", "month")


@transaction.atomic
def create_manual_item(
    *, account: BillingAccount, seller: Seller, reason: str = "", **values: Any
) -> ManualItem:
    """Enter an item in the account's currency; refuses sums and units that cannot be."""
    item = ManualItem(
        operator_id=account.operator_id,
        public_id=public_id("item"),
        account=account,
        seller=seller,
        currency=account.currency,
        **_checked(values),
    )
    _check(item)
    item.save()
    record(
        "manual_item.create", item, operator_id=item.operator_id, after=_described(item),
        reason=reason,
    )  # fmt: skip
    return item


@transaction.atomic
def change_manual_item(*, item: ManualItem, reason: str = "", **values: Any) -> ManualItem:
    """Change an item that no issued invoice bills; a draft with it is made anew."""
    _refuse_billed(item)
    before, after = apply_changes(item, _checked(values))
    if not after:
        return item
    _check(item)
    item.save()
    record(
        "manual_item.change", item, operator_id=item.operator_id, before=before, after=after,
        reason=reason,
    )  # fmt: skip
    return item


@transaction.atomic
def delete_manual_item(*, item: ManualItem, reason: str = "") -> None:
    """Take out an item that neither a draft nor an invoice bills."""
    if InvoiceItem.objects.filter(manual=item).exists():
        raise RuleViolation("billed", _("The item is on an invoice or a draft."))
    record(
        "manual_item.delete", item, operator_id=item.operator_id, before=_described(item),
        reason=reason,
    )  # fmt: skip
    try:
        item.delete()
    except ProtectedError as error:
        raise RuleViolation("settled", _("The item belongs to a statement of a host.")) from error


def _refuse_billed(item: ManualItem) -> None:
    """A draft with the item is held, so that it is not issued meanwhile."""
    billing = Invoice.objects.select_for_update(of=("self",)).filter(items__manual=item)
    if any(not one.is_draft for one in billing):
        raise RuleViolation("billed", _("The item is on an issued invoice."))


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(values) - set(MANUAL_FIELDS))
    if unknown:
        raise InvalidInput("unknown_field", ", ".join(unknown))
    return {
        name: " ".join(value.replace("\x00", "").split()) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _check(item: ManualItem) -> None:
    item.clean_fields()
    if item.kind == ManualKind.OPENING_BALANCE and item.tax_percent:
        raise InvalidInput(
            "opening_balance_tax", _("An opening balance has no VAT."), field="tax_percent"
        )
    if item.quantity == 0:
        raise InvalidInput("quantity", _("A quantity is not nothing."), field="quantity")
    if item.unit_price < 0:
        raise InvalidInput(
            "unit_price", _("A deduction has a negative quantity, not price."), field="unit_price"
        )
    if item.unit not in UNITS:
        raise InvalidInput("unit", _("There is no such unit."), field="unit")
    item.full_clean()


def _described(item: ManualItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in MANUAL_FIELDS} | {
        "account": item.account.public_id
    }
