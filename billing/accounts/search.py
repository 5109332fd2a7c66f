"""Billing accounts in the search over everything."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.accounts.selectors import accounts
from core.accounts.permissions import Permission
from core.search.match import among, matching
from core.search.sources import Hit

KIND = "billing_account"


class AccountSearch:
    """Accounts by a part of the name, their numbers, references or addresses."""

    kind = KIND
    label = _("Billing accounts")
    icon = "credit-card"
    permission = Permission.ACCOUNT_VIEW
    list_url = "billing_account_list"

    def find(self, text: str, most: int) -> Sequence[Hit]:
        """By name. An organisation number may be written without its hyphen."""
        wanted = among("pk", matching(KIND, text))
        bare = text.replace("-", "").replace(" ", "")
        if bare.isdigit() and len(bare) > 6:
            wanted |= among("pk", matching(KIND, f"{bare[:6]}-{bare[6:]}"))
        return [
            Hit(
                account.name,
                " · ".join(filter(None, (account.organisation_number, account.city))),
                reverse("billing_account_detail", args=[account.public_id]),
            )
            for account in accounts().filter(wanted)[:most]
        ]


source = AccountSearch()
