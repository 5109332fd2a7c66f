"""Preventive plans, and the visits that came of them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import AnyPlacing, Placing
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Station
from stations.maintenance.models import OrderKind, WorkOrder
from stations.maintenance.partner_models import Partner, Priority
from stations.maintenance.work_models import Checklist
from stations.sites.models import Site


class MaintenancePlan(TenantModel):
    """Work that comes again: every so many months, kWh or plug cycles, whichever is first, for the
    stations of a model, of a site, of both or of neither (all stations)."""

    placing = AnyPlacing((Placing("site_id"),))

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=12, choices=OrderKind.choices, default=OrderKind.PREVENTIVE
    )
    priority = models.CharField(
        _("priority"), max_length=2, choices=Priority.choices, default=Priority.P4
    )
    site = models.ForeignKey(
        Site,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
    )
    hardware_model = models.ForeignKey(
        HardwareModel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("station model"),
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
        default=30,
        validators=[MaxValueValidator(500)],
        help_text=_("0: each site is a trip of its own."),
    )
    starts_on = models.DateField(
        _("counts from"), help_text=_("For stations that were put up later, from then on.")
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.SET_NULL,
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
    is_active = models.BooleanField(_("active"), default=True)
    looked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="maintenance_plan_name_once"),
            models.CheckConstraint(
                condition=Q(every_months__gte=1) | Q(every_kwh__gte=1) | Q(every_cycles__gte=1),
                name="maintenance_plan_interval",
            ),
        ]
        verbose_name = _("maintenance plan")
        verbose_name_plural = _("maintenance plans")

    def __str__(self) -> str:
        return self.name


class PlanVisit(TenantModel):
    """One turn of a plan at a station: made once (``turn``), with the order that does it. ``trip``
    is the same for sites near each other that were due together."""

    placing = Placing("station_id", "stations.Station")

    plan = models.ForeignKey(MaintenancePlan, on_delete=models.PROTECT, related_name="visits")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="plan_visits")
    turn = models.PositiveIntegerField()
    due_on = models.DateField(_("due"))
    reason = models.CharField(_("why"), max_length=10)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="plan_visits")
    trip = models.CharField(_("trip"), max_length=24)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-due_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "station", "turn"], name="plan_visit_once")
        ]
        verbose_name = _("visit of a plan")
        verbose_name_plural = _("visits of plans")

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.station_id}/{self.turn}"
