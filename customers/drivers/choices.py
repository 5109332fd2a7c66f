"""Which messages a driver wants."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from customers.drivers.models import Driver

CHOICES: Final = (
    "mails_charging_end", "mails_idle_warning", "mails_invoice_issued", "mails_payment_failed",
)  # fmt: skip


class DriverChoices(TenantModel):
    """Which messages a driver wants; all of them until they say otherwise."""

    driver = models.OneToOneField(Driver, on_delete=models.CASCADE, related_name="choices")
    mails_charging_end = models.BooleanField(_("mail me when charging has ended"), default=True)
    mails_idle_warning = models.BooleanField(
        _("mail me before an idle fee begins"), default=True, db_default=True
    )
    mails_invoice_issued = models.BooleanField(
        _("mail me when there is a new invoice"), default=True, db_default=True
    )
    mails_payment_failed = models.BooleanField(
        _("mail me when an automatic payment failed or the card ends"), default=True,
        db_default=True,
    )  # fmt: skip
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["driver_id"]
        verbose_name = _("driver's choices")
        verbose_name_plural = _("drivers' choices")

    def __str__(self) -> str:
        return f"{self.driver_id}"
