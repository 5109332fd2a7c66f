"""Which messages a driver wants."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from customers.drivers.models import Driver


class DriverChoices(TenantModel):
    """Which messages a driver wants. The warning before an idle fee always goes out."""

    driver = models.OneToOneField(Driver, on_delete=models.CASCADE, related_name="choices")
    mails_charging_end = models.BooleanField(_("mail me when charging has ended"), default=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["driver_id"]
        verbose_name = _("driver's choices")
        verbose_name_plural = _("drivers' choices")

    def __str__(self) -> str:
        return f"{self.driver_id}"
