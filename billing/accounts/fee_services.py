"""Writing dated fees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.fee_models import Fee, FeeKind, Recurrence
from billing.accounts.fee_sellers import fee_sellers
from billing.accounts.models import BillingAccount
from billing.accounts.subjects import subjects
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id

FEE_FIELDS: Final = (
    "kind",
    "name",
    "recurrence",
    "amount",
    "is_tax_included",
    "tax_percent",
    "revenue_account",
    "seller_ref",
    "starts_on",
    "ends_on",
    "subject_kind",
    "subject_ref",
    "note",
)
REVENUE_ACCOUNTS: Final[dict[str, str]] = {
    FeeKind.NETWORK_ACCESS: "3011",
    FeeKind.SUBSCRIPTION: "3012",
    FeeKind.BAY: "3013",
    FeeKind.CARD: "3014",
    FeeKind.ACTIVATION: "3014",
    FeeKind.ADMINISTRATION: "3540",
    FeeKind.OTHER: "3590",
}
"""Where fees of a kind are booked in the Swedish chart unless the fee says otherwise."""


@transaction.atomic
def create_fee(*, account: BillingAccount, reason: str = "", **values: Any) -> Fee:
    """Add a fee in the account's currency; refuses days and subjects that do not hold."""
    fee = Fee(
        operator_id=account.operator_id,
        public_id=public_id("fee"),
        account=account,
        currency=account.currency,
        **_checked(values, None),
    )
    _check(fee)
    fee.save()
    record("fee.create", fee, operator_id=fee.operator_id, after=_described(fee), reason=reason)
    return fee


@transaction.atomic
def change_fee(*, fee: Fee, reason: str = "", **values: Any) -> Fee:
    """Change what is given, for what is not yet invoiced."""
    before, after = apply_changes(fee, _checked(values, fee))
    if not after:
        return fee
    _check(fee)
    fee.save()
    record(
        "fee.change",
        fee,
        operator_id=fee.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    return fee


@transaction.atomic
def end_fee(*, fee: Fee, ends_on: date, reason: str = "") -> Fee:
    """End a monthly fee on a day, which is its last; refuses a one-off and an earlier end."""
    if fee.recurrence == Recurrence.ONCE:
        raise RuleViolation("once_has_no_end", _("A one-off fee does not go on."))
    return change_fee(fee=fee, ends_on=ends_on, reason=reason)


def end_fees_of(*, subject_kind: str, subject_ref: str, ends_on: date, reason: str) -> int:
    """End all monthly fees for a token, driver or bay on a day; returns how many.

    A fee that would begin later is never due: it ends on its first day's eve and is deleted.
    """
    going_on = Fee.objects.filter(
        subject_kind=subject_kind, subject_ref=subject_ref, recurrence=Recurrence.MONTHLY
    ).exclude(ends_on__lte=ends_on)
    ended = 0
    for fee in going_on.select_for_update():
        if fee.starts_on > ends_on:
            delete_fee(fee=fee, reason=reason)
        else:
            end_fee(fee=fee, ends_on=ends_on, reason=reason)
        ended += 1
    return ended


@transaction.atomic
def delete_fee(*, fee: Fee, reason: str = "") -> None:
    """Take out a fee that was entered by mistake."""
    record("fee.delete", fee, operator_id=fee.operator_id, before=_described(fee), reason=reason)
    fee.delete()


def _checked(values: Mapping[str, Any], fee: Fee | None) -> dict[str, Any]:
    """The values with the subject looked up and the revenue account of the kind."""
    unknown = sorted(set(values) - set(FEE_FIELDS))
    if unknown:
        raise InvalidInput("unknown_field", ", ".join(unknown))
    found = {
        name: " ".join(value.replace("\x00", "").split()) if isinstance(value, str) else value
        for name, value in values.items()
    }
    kind = found.get("subject_kind", fee.subject_kind if fee else "")
    ref = found.get("subject_ref", fee.subject_ref if fee else "")
    if fee is None or (kind, ref) != (fee.subject_kind, fee.subject_ref):
        found |= _subject(kind, ref)
    ref = found.get("seller_ref", "")
    if ref and ref not in dict(fee_sellers().choices()) and not (fee and ref == fee.seller_ref):
        raise InvalidInput("seller", _("There is no seller with this id."), field="seller_ref")
    if fee is None and not found.get("revenue_account"):
        found["revenue_account"] = REVENUE_ACCOUNTS.get(str(found.get("kind")), "")
    return found


def _subject(kind: str, text: str) -> dict[str, Any]:
    if not kind and not text:
        return {"subject_kind": "", "subject_ref": "", "subject_label": ""}
    if not kind or not text:
        raise InvalidInput(
            "subject_half",
            _("Say both what the fee is for and which one, or neither."),
            field="subject_ref" if kind else "subject_kind",
        )
    found = subjects().find(kind, text)
    if found is None:
        raise InvalidInput(
            "subject_unknown", _("Nothing, or more than one, has this name."), field="subject_ref"
        )
    return {"subject_kind": kind, "subject_ref": found.ref, "subject_label": found.label[:120]}


def _check(fee: Fee) -> None:
    fee.clean_fields()
    if fee.recurrence == Recurrence.ONCE and fee.ends_on is not None:
        raise InvalidInput("once_has_no_end", _("A one-off fee has no last day."), field="ends_on")
    if fee.ends_on is not None and fee.ends_on < fee.starts_on:
        raise InvalidInput("days", _("The last day comes before the first."), field="ends_on")
    if fee.amount < 0:
        raise InvalidInput("amount", _("A fee is not negative."), field="amount")
    if fee.revenue_account and not re.fullmatch(r"[0-9]{3,10}", fee.revenue_account):
        raise InvalidInput(
            "revenue_account", _("A revenue account is written in digits."), field="revenue_account"
        )
    fee.full_clean()


def _described(fee: Fee) -> dict[str, Any]:
    named = (*FEE_FIELDS, "currency", "subject_label")
    return {name: getattr(fee, name) for name in named} | {"account": fee.account.public_id}
