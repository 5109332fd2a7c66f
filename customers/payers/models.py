"""The columns of the dated links from what charges to who pays."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount, DatedModel


class AccountLink(DatedModel):
    """An account that pays for an ``owner`` in a span of days; the owner has one at a time."""

    account = models.ForeignKey(
        BillingAccount,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("billing account"),
    )

    class Meta(DatedModel.Meta):
        abstract = True
        ordering = ["owner_id", "valid_from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from_on__isnull=True)
                | models.Q(valid_until_on__isnull=True)
                | models.Q(valid_until_on__gte=models.F("valid_from_on")),
                name="%(class)s_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}"
