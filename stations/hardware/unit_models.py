"""Hardware that stood behind a station until it was replaced."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Station


class UnitFate(models.TextChoices):
    """Where a removed unit went."""

    REPAIR = "repair", _("To repair")
    STOCK = "stock", _("To stock")
    SCRAP = "scrap", _("Scrapped")


class HardwareUnit(TenantModel):
    """A unit taken out of a station: what it was called, and from when until when it served.

    The unit that serves now is the station's own row. Journals belong to the station, so they
    run through; these instants tell which unit an entry came from.
    """

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="units")
    identity = models.CharField(_("socket identity"), max_length=48)
    vendor = models.CharField(_("vendor"), max_length=64, blank=True)
    model = models.CharField(_("model"), max_length=64, blank=True)
    serial_number = models.CharField(_("serial number"), max_length=64, blank=True)
    firmware_version = models.CharField(_("firmware"), max_length=64, blank=True)
    quirks = models.JSONField(
        default=dict, db_default={}, blank=True, help_text=_("As they were when it was removed")
    )
    installed_at = models.DateTimeField(_("from"))
    removed_at = models.DateTimeField(_("until"), default=timezone.now)
    fate = models.CharField(_("now"), max_length=10, choices=UnitFate.choices)
    reason = models.CharField(_("why"), max_length=500)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-removed_at", "-id"]
        indexes = [models.Index(Upper("identity"), name="unit_identity_idx")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at__gte=models.F("installed_at")),
                name="unit_removed_after_installed",
            )
        ]
        verbose_name = _("removed unit")
        verbose_name_plural = _("removed units")

    def __str__(self) -> str:
        return f"{self.identity} {self.serial_number}".strip()
