"""Stations that are planned for a site and not bought yet."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.choices import ConnectorType, CurrentType
from stations.hardware.models import Station
from stations.sites.models import Site


class PlannedStation(TenantModel):
    """A station that a plan wants at a site. ``station`` is what was built of it; until then
    nothing watches it, and it counts nowhere as hardware."""

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="planned_stations")
    number = models.PositiveSmallIntegerField(_("number"))
    evses = models.PositiveSmallIntegerField(
        _("EVSEs"), validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    power_w = models.PositiveIntegerField(_("power of each (W)"))
    current_type = models.CharField(_("current"), max_length=12, choices=CurrentType.choices)
    connector_type = models.CharField(_("connector"), max_length=40, choices=ConnectorType.choices)
    station = models.OneToOneField(
        Station, on_delete=models.SET_NULL, null=True, blank=True, related_name="planned_as"
    )
    built_at = models.DateTimeField(_("built"), null=True, blank=True)
    created_at = models.DateTimeField(_("planned"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["site_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="planned_station_once"),
            models.CheckConstraint(
                condition=models.Q(evses__gte=1, evses__lte=20, power_w__gte=1),
                name="planned_station_size",
            ),
            models.CheckConstraint(
                condition=models.Q(station=None) | ~models.Q(built_at=None),
                name="planned_station_built",
            ),
        ]
        verbose_name = _("planned station")
        verbose_name_plural = _("planned stations")

    def __str__(self) -> str:
        return f"{self.site} {self.number}"
