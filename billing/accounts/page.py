"""The frame of an account's pages: the row and its tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.accounts.selectors import every_account
from core.accounts.middleware import has_permission
from core.accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class AccountTab:
    """One page of an account; upper floors have pages of their own, named by address."""

    name: str
    label: str | Promise
    url_name: str
    permission: str = ""


TABS: Final = (
    AccountTab("overview", _("Overview"), "billing_account_detail"),
    AccountTab(
        "people", _("Drivers and companies"), "billing_account_people", Permission.DRIVER_VIEW
    ),
    AccountTab("fees", _("Fees"), "billing_account_fees"),
    AccountTab(
        "money", _("Invoices and payments"), "billing_account_money", Permission.PAYMENT_VIEW
    ),
)


def find_account_or_404(public_id: str) -> BillingAccount:
    """The account of the operator in scope."""
    account: BillingAccount = get_object_or_404(
        every_account().select_related("operator"), public_id=public_id
    )
    return account


def account_context(request: HttpRequest, account: BillingAccount, tab: str) -> dict[str, Any]:
    """What billing/accounts/account_base.html needs."""
    return {
        "account": account,
        "tab": tab,
        "tabs": [
            one for one in TABS if not one.permission or has_permission(request, one.permission)
        ],
        "can_edit": has_permission(request, Permission.ACCOUNT_EDIT),
    }
