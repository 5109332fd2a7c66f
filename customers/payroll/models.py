"""A company's rules of what it pays for charging, and its decisions on charging at home."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.spot.areas import AREAS
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from customers.companies.models import Company
from customers.drivers.models import VehicleUse
from stations.sessions.models import Session


class Place(models.TextChoices):
    """Where was charged, as wages know it."""

    WORKPLACE = "workplace", _("Workplace")
    HOME = "home", _("Home")
    PUBLIC = "public", _("Public")


class RuleModel(models.TextChoices):
    """How an amount comes about."""

    FIXED = "fixed", _("Fixed price per kWh")
    SPOT = "spot", _("Spot price of the month, grid fee and energy tax")
    ACTUAL = "actual", _("What it cost, with VAT")
    NOTHING = "nothing", _("Nothing")


class PayrollRule(TenantModel):
    """What a company pays for charging at a place with a kind of vehicle, from a day on until a
    later rule for the same. ``fixed``: ``per_kwh`` as it is. ``spot``: the month's average of
    ``area``, ``grid_per_kwh`` and ``tax_per_kwh``, all without VAT, then ``vat_percent``."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="payroll_rules")
    place = models.CharField(_("place"), max_length=10, choices=Place.choices)
    vehicle_use = models.CharField(
        _("vehicle"), max_length=10, choices=VehicleUse.choices, blank=True
    )
    model = models.CharField(_("model"), max_length=8, choices=RuleModel.choices)
    per_kwh = models.DecimalField(
        _("price per kWh"), max_digits=10, decimal_places=6, null=True, blank=True
    )
    area = models.CharField(
        _("bidding zone"), max_length=6, choices=[(one, one) for one in AREAS], blank=True
    )
    grid_per_kwh = models.DecimalField(
        _("grid fee per kWh"), max_digits=10, decimal_places=6, default=0
    )
    tax_per_kwh = models.DecimalField(
        _("energy tax per kWh"), max_digits=10, decimal_places=6, default=0
    )
    vat_percent = models.DecimalField(_("VAT (%)"), max_digits=5, decimal_places=2, default=25)
    currency = models.CharField(_("currency"), max_length=3)
    pay_code = models.CharField(_("pay code"), max_length=20, blank=True)
    valid_from_on = models.DateField(_("valid from"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["place", "vehicle_use", "-valid_from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "place", "vehicle_use", "valid_from_on"],
                name="payroll_rule_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(model="fixed") | models.Q(per_kwh__gte=0),
                name="payroll_rule_fixed",
            ),
            models.CheckConstraint(
                condition=~models.Q(model="spot") | ~models.Q(area=""), name="payroll_rule_spot"
            ),
            models.CheckConstraint(
                condition=models.Q(grid_per_kwh__gte=0, tax_per_kwh__gte=0, vat_percent__gte=0),
                name="payroll_rule_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="payroll_rule_currency"
            ),
        ]
        verbose_name = _("payroll rule")
        verbose_name_plural = _("payroll rules")

    def __str__(self) -> str:
        return f"{self.get_place_display()} {self.valid_from_on}"


class HomeDecision(TenantModel):
    """Whether a company pays for a session at home, and how much: written once, never changed
    (trigger). A later decision about the same session counts instead."""

    placing = Placing("session_id", "stations.Session")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="home_decisions")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="home_decisions")
    is_approved = models.BooleanField(_("approved"))
    energy_wh = models.DecimalField(_("energy (Wh)"), max_digits=16, decimal_places=4)
    per_kwh = models.DecimalField(_("price per kWh"), max_digits=12, decimal_places=6)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    pay_code = models.CharField(_("pay code"), max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by_label = models.CharField(_("by"), max_length=200)
    decided_at = models.DateTimeField(_("decided"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="home_decision_amount"),
            models.CheckConstraint(
                condition=models.Q(is_approved=True) | ~models.Q(reason=""),
                name="home_decision_reason",
            ),
        ]
        verbose_name = _("decision on charging at home")
        verbose_name_plural = _("decisions on charging at home")

    def __str__(self) -> str:
        return f"{self.session_id} {self.amount}"
