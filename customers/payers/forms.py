"""The field that finds an account, and the form that sets who pays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.accounts.forms import FromDayForm
from billing.accounts.models import BillingAccount
from billing.accounts.selectors import find_account


class AccountField(forms.CharField):
    """Finds one billing account by name or public id; None for an empty field."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "required": False,
                "max_length": 120,
                "label": _("Billing account"),
                "help_text": _("Name or id of the account that pays."),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> Any:
        """The account."""
        text = super().clean(value)
        if not text:
            return None
        account = find_account(text)
        if account is None:
            raise forms.ValidationError(_("No account, or more than one, has this name or id."))
        return account

    def prepare_value(self, value: Any) -> Any:
        """An account by public id."""
        return value.public_id if isinstance(value, BillingAccount) else value


class PayerForm(FromDayForm):
    """Another account from a day on."""

    account = AccountField(help_text=_("Name or id of the account that pays. Empty: nobody."))
    field_order = ("account", "from_on", "reason")
