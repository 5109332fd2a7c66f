"""The demo operators' accounts for card payments: at the double, with keys that are no secret."""

from __future__ import annotations

from typing import Final

from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.accounts import PURPOSE
from billing.sellers.models import Seller
from core.sealing import seal

WEBHOOK_SECRET: Final = "whsec_demo_not_secret"


def write_card_accounts(slugs: list[str]) -> int:
    """One for the default seller of each operator; returns how many. The double knows them by
    these names (Procfile)."""
    sellers = Seller.objects.filter(operator__slug__in=slugs, is_default=True)
    made = [
        ProviderAccount(
            operator_id=one.operator_id, seller=one,
            public_id=f"cac_demo_{one.operator.slug}"[:24], key_hint=one.operator.slug[-4:],
            secret_key_sealed=seal(f"sk_test_demo_{one.operator.slug}".encode(), PURPOSE),
            webhook_secret_sealed=seal(WEBHOOK_SECRET.encode(), PURPOSE),
        )
        for one in sellers.select_related("operator")
    ]  # fmt: skip
    return len(ProviderAccount.objects.bulk_create(made))
