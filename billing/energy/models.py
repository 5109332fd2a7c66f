"""Invoices of electricity suppliers and grid companies, by site and month."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.sites.models import Site


class CostKind(models.TextChoices):
    """What an invoice, or a part of it, is for."""

    ELECTRICITY = "electricity", _("Electricity")
    GRID = "grid", _("Grid")
    POWER = "power", _("Power fee")


class EnergyCost(TenantModel):
    """What one invoice of a supplier says about one site and month: energy and cost of one kind.

    ``month_on`` is the first day of the month in which the energy was used. A credit of the
    supplier has negative figures. A power fee has no energy. ``settled_in`` names the statement
    that passed the cost on to a host; from then on the row stays as it is (trigger).
    """

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="energy_costs")
    month_on = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=12, choices=CostKind.choices)
    supplier = models.CharField(_("supplier"), max_length=120)
    invoice_number = models.CharField(_("supplier's invoice number"), max_length=60)
    invoiced_on = models.DateField(_("invoiced"), null=True, blank=True)
    energy_kwh = models.DecimalField(
        _("energy (kWh)"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    note = models.CharField(_("note"), max_length=500, blank=True)
    settled_in = models.CharField(_("settled in"), max_length=60, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-month_on", "site_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "month_on", "kind", "supplier", "invoice_number"],
                name="energy_cost_once",
            ),
            models.CheckConstraint(condition=models.Q(month_on__day=1), name="energy_cost_month"),
            models.CheckConstraint(
                condition=~models.Q(supplier="") & ~models.Q(invoice_number=""),
                name="energy_cost_named",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="energy_cost_currency"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=CostKind.POWER) | models.Q(energy_kwh__isnull=True),
                name="energy_cost_power_has_none",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=CostKind.ELECTRICITY) | models.Q(energy_kwh__isnull=False),
                name="energy_cost_electricity_has_energy",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "month_on"], name="energy_cost_month_idx"),
            models.Index(
                fields=["operator", "settled_in"],
                condition=~models.Q(settled_in=""),
                name="energy_cost_settled_idx",
            ),
        ]
        verbose_name = _("energy cost")
        verbose_name_plural = _("energy costs")

    def __str__(self) -> str:
        return f"{self.supplier} {self.invoice_number}"


class CostDisclosure(TenantModel):
    """Whether the host of a site sees what its energy cost and what margin was left; without a
    row it does not."""

    placing = Placing("site_id")

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="cost_disclosure")
    is_shown = models.BooleanField(_("shown to the host"), default=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["site_id"]
        verbose_name = _("disclosure of energy costs")
        verbose_name_plural = _("disclosures of energy costs")

    def __str__(self) -> str:
        return str(self.site_id)
