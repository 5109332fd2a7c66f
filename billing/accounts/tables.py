"""Tables of billing accounts and price groups."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount, PriceGroup
from core.lists.tables import LinkColumn, ListTable, StatusColumn, TextColumn, TitleColumn


class AccountTable(ListTable):
    """Accounts by name."""

    name = TitleColumn(_("Account"), detail="billing_account_detail", key="public_id")
    status = StatusColumn(_("Status"), kind="token")
    kind = TextColumn(_("Kind"))
    organisation_number = TextColumn(_("Organisation number"))
    price_group = LinkColumn(
        _("Price group"),
        detail="price_group_detail",
        key="group_ref",
        accessor="group_name",
        order_by="group_name",
    )
    city = TextColumn(_("Town"), card_hide=True)
    emails = TextColumn(_("Invoice e-mails"), orderable=False)
    payment_terms_days = TextColumn(_("Terms (days)"), end=True, card_hide=True)

    class Meta(ListTable.Meta):
        model = BillingAccount
        fields: tuple[str, ...] = ()
        order_by = "name"

    def render_emails(self, value: Any) -> str:
        """The first, and how many more."""
        if len(value) < 2:
            return value[0] if value else "–"
        return _gettext("%(first)s and %(more)s more") % {
            "first": value[0],
            "more": len(value) - 1,
        }


class PriceGroupTable(ListTable):
    """Price groups by name."""

    name = TitleColumn(_("Price group"), detail="price_group_detail", key="public_id")
    shown_status = StatusColumn(_("Status"), kind="price_group", orderable=False)
    audience = TextColumn(_("For"))
    shows_tax_included = StatusColumn(_("Prices incl. VAT"), kind="yes_no")
    account_count = TextColumn(_("Accounts today"), end=True)
    description = TextColumn(_("Description"), card_hide=True)

    class Meta(ListTable.Meta):
        model = PriceGroup
        fields: tuple[str, ...] = ()
        order_by = "name"
