"""What is done before something breaks, whose warranty holds, and what the public is told."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Station
from stations.maintenance.models import OrderKind, WorkOrder
from stations.maintenance.partner_models import Partner, Priority
from stations.maintenance.work_models import Checklist
from stations.sites.models import Site


class MaintenancePlan(TenantModel):
    """Work that comes again: for every station of a model, of a site, or for all; due after so
    many months, so much energy or so many plug cycles, whichever comes first."""

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=12, choices=OrderKind.choices, default=OrderKind.PREVENTIVE
    )
    priority = models.CharField(
        _("priority"), max_length=2, choices=Priority.choices, default=Priority.P4
    )
    hardware_model = models.ForeignKey(
        HardwareModel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("station model"),
    )
    site = models.ForeignKey(
        Site,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("partner"),
    )
    checklist = models.ForeignKey(
        Checklist,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checklist"),
    )
    every_months = models.PositiveSmallIntegerField(
        _("every (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    every_kwh = models.PositiveIntegerField(
        _("every (kWh)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    every_cycles = models.PositiveIntegerField(
        _("every (plug cycles)"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    lead_days = models.PositiveSmallIntegerField(
        _("order this many days ahead"), default=14, validators=[MaxValueValidator(365)]
    )
    group_km = models.PositiveSmallIntegerField(
        _("one trip for sites within (km)"),
        default=0,
        validators=[MaxValueValidator(500)],
        help_text=_("0: each site is a trip of its own."),
    )
    starts_on = models.DateField(_("counts from"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="maintenance_plan_name_once"),
            models.CheckConstraint(
                condition=models.Q(every_months__gte=1)
                | models.Q(every_kwh__gte=1)
                | models.Q(every_cycles__gte=1),
                name="maintenance_plan_comes_again",
            ),
        ]
        verbose_name = _("maintenance plan")
        verbose_name_plural = _("maintenance plans")

    def __str__(self) -> str:
        return self.name


class PlanStation(TenantModel):
    """Where a station stands in a plan: when it was done last and how much it had delivered
    then; ``order``: the one that was made for what is due now."""

    placing = Placing("station_id", "stations.Station")

    plan = models.ForeignKey(MaintenancePlan, on_delete=models.CASCADE, related_name="stations")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    order = models.ForeignKey(
        WorkOrder, on_delete=models.SET_NULL, null=True, blank=True, related_name="plan_stations"
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["plan_id", "station_id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "station"], name="plan_station_once")
        ]
        verbose_name = _("station of a plan")
        verbose_name_plural = _("stations of plans")

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.station_id}"


class StationWarranty(TenantModel):
    """Who supplied a station and until when they answer for it."""

    placing = Placing("station_id", "stations.Station")

    station = models.OneToOneField(Station, on_delete=models.CASCADE, related_name="warranty")
    supplier = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supplied",
        verbose_name=_("supplier"),
    )
    bought_on = models.DateField(_("bought"), null=True, blank=True)
    ends_on = models.DateField(_("warranty ends"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["ends_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bought_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("bought_on")),
                name="station_warranty_days",
            )
        ]
        verbose_name = _("warranty of a station")
        verbose_name_plural = _("warranties of stations")

    def __str__(self) -> str:
        return f"{self.station_id}: {self.ends_on or ''}"


class CalendarFeed(TenantModel):
    """The private address of a member's calendar of orders; only its digest is kept."""

    membership = models.ForeignKey("core.Membership", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=models.Q(revoked_at=None),
                name="calendar_feed_once",
            )
        ]
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.created_at}"


class SiteStatusPage(TenantModel):
    """The public page of a site: whether there is one, and what drivers are told on it."""

    placing = Placing("site_id")

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="status_page")
    code = models.CharField(max_length=24, unique=True)
    is_public = models.BooleanField(_("public status page"), default=False)
    banner = models.CharField(_("notice for drivers"), max_length=300, blank=True)
    banner_until_at = models.DateTimeField(_("notice until"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["site_id"]
        verbose_name = _("status page")
        verbose_name_plural = _("status pages")

    def __str__(self) -> str:
        return self.code
