"""What history and notes can hang on in billing."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount, PriceGroup
from billing.tariffs.models import Tariff
from core.accounts.permissions import Permission
from core.objects.kinds import ObjectKind


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return [
        ObjectKind(
            name="tariff",
            label=_("Tariff"),
            model=Tariff,
            rows=Tariff.objects.all,
            url=lambda tariff: reverse("tariff_detail", args=[tariff.public_id]),
            view=Permission.TARIFF_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="billing_account",
            label=_("Billing account"),
            model=BillingAccount,
            rows=BillingAccount.objects.all,
            url=lambda account: reverse("billing_account_detail", args=[account.public_id]),
            view=Permission.ACCOUNT_VIEW,
            has_notes=True,
        ),
        ObjectKind(
            name="price_group",
            label=_("Price group"),
            model=PriceGroup,
            rows=PriceGroup.objects.all,
            url=lambda group: reverse("price_group_detail", args=[group.public_id]),
            view=Permission.ACCOUNT_VIEW,
        ),
        ObjectKind(
            name="fee",
            label=_("Fee"),
            model=Fee,
            rows=Fee.objects.all,
            url=lambda fee: reverse("fee_detail", args=[fee.public_id]),
            view=Permission.ACCOUNT_VIEW,
        ),
    ]
