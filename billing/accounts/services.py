"""Writing billing accounts."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from billing.accounts.fee_models import Fee
from billing.accounts.membership_services import set_price_group
from billing.accounts.models import AccountStatus, BillingAccount, PriceGroup
from billing.accounts.values import checked_account
from core.accounts.models import Operator
from core.audit.services import record
from core.changes import apply_changes
from core.errors import InvalidInput, RuleViolation
from core.ids import public_id
from core.soon import soon
from stations.ocpp.tasks import sync_local_lists


@transaction.atomic
def create_account(
    *,
    operator: Operator,
    price_group: PriceGroup | None = None,
    is_provisional: bool = False,
    reason: str = "",
    **values: Any,
) -> BillingAccount:
    """Create an account, in a price group from its beginning if one is given.

    Country, language and currency are the operator's where none is named. Refuses numbers and
    addresses that cannot be right.
    """
    own = {
        "country_code": operator.country_code,
        "language": operator.language,
        "currency": operator.currency,
    }
    found = checked_account(own | values, country_code=operator.country_code)
    account = BillingAccount(
        operator=operator, public_id=public_id("acc"), is_provisional=is_provisional, **found
    )
    account.full_clean()
    account.save()
    record("account.create", account, operator_id=operator.pk, after=found, reason=reason)
    if price_group is not None:
        set_price_group(account=account, price_group=price_group, from_on=None)
    return account


@transaction.atomic
def confirm_account(account_id: int) -> None:
    """Show an account in lists from now on: there is money. Once; the second time is nothing."""
    rows = BillingAccount.objects.filter(pk=account_id, is_provisional=True)
    account = rows.select_for_update().first()
    if account is not None:
        account.is_provisional = False
        account.save(update_fields=["is_provisional"])
        record("account.confirm", account, operator_id=account.operator_id)


@transaction.atomic
def change_account(*, account: BillingAccount, reason: str = "", **values: Any) -> BillingAccount:
    """Change what is given; status and price group have services of their own.

    Refuses another currency while fees in the old one go on.
    """
    found = checked_account(values, country_code=account.country_code)
    before, after = apply_changes(account, found)
    if not after:
        return account
    if "country_code" in after:
        _recheck_numbers(account)
    if "currency" in after and Fee.objects.filter(account=account).exists():
        raise RuleViolation(
            "currency_in_use",
            _("The account has fees in %(currency)s. Its currency stays.")
            % {"currency": before["currency"]},
            field="currency",
        )
    account.full_clean()
    account.save()
    record(
        "account.change",
        account,
        operator_id=account.operator_id,
        before=before,
        after=after,
        reason=reason,
    )
    return account


def _recheck_numbers(account: BillingAccount) -> None:
    """The organisation number must be one of the new country, too."""
    checked_account(
        {"organisation_number": account.organisation_number}, country_code=account.country_code
    )


@transaction.atomic
def set_account_status(
    *, account: BillingAccount, status: AccountStatus, reason: str
) -> BillingAccount:
    """Block what hangs on the account, or let it charge again; a reason is needed."""
    if not reason.strip():
        raise InvalidInput("reason_needed", _("Say why."), field="reason")
    changed = (
        BillingAccount.objects.filter(pk=account.pk)
        .exclude(status=status)
        .update(status=status, status_reason=reason)
    )
    if not changed:
        raise RuleViolation("status_same", _("The account has this status already."))
    before = account.status
    account.refresh_from_db()
    record(
        f"account.{'block' if status == AccountStatus.BLOCKED else 'activate'}",
        account,
        operator_id=account.operator_id,
        before={"status": before},
        after={"status": status},
        reason=reason,
    )
    soon(sync_local_lists)
    return account
