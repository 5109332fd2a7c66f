"""Drivers and their vehicles."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from customers.companies.models import Company
from customers.limits.models import LimitedModel, money_limit
from customers.payers.models import AccountLink


class DriverStatus(models.TextChoices):
    """Whether the driver may charge; the days of validity come on top."""

    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")


class Driver(LimitedModel):
    """A person who charges, alone or for a company; presents the tokens that belong to them."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_normalised = models.CharField(max_length=20, blank=True, editable=False)
    employee_number = models.CharField(_("employee number"), max_length=40, blank=True)
    cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="drivers",
        verbose_name=_("company"),
    )
    language = models.CharField(_("language"), max_length=10, default="sv")
    status = models.CharField(
        _("status"), max_length=10, choices=DriverStatus.choices, default=DriverStatus.ACTIVE
    )
    status_reason = models.CharField(_("why"), max_length=500, blank=True)
    valid_from_on = models.DateField(_("valid from"), null=True, blank=True)
    valid_until_on = models.DateField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(LimitedModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            money_limit("driver"),
            models.UniqueConstraint(
                "operator",
                Lower("email"),
                condition=~models.Q(email=""),
                name="driver_email_ci_once",
            ),
            models.UniqueConstraint(
                fields=["company", "employee_number"],
                condition=~models.Q(employee_number=""),
                name="driver_employee_number_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from_on__isnull=True)
                | models.Q(valid_until_on__isnull=True)
                | models.Q(valid_until_on__gte=models.F("valid_from_on")),
                name="driver_validity_order",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "phone_normalised"], name="driver_phone_idx"),
            models.Index(fields=["operator", "name"], name="driver_name_idx"),
        ]
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")

    def __str__(self) -> str:
        return self.name

    def shown_status(self, today: date) -> str:
        """``blocked``, ``not_yet``, ``ended`` or ``active`` on that day."""
        if self.status == DriverStatus.BLOCKED:
            return "blocked"
        if self.valid_from_on is not None and today < self.valid_from_on:
            return "not_yet"
        if self.valid_until_on is not None and today > self.valid_until_on:
            return "ended"
        return "active"


class VehicleUse(models.TextChoices):
    """What the employer lends the vehicle for: decides how its charging is treated in wages."""

    BENEFIT = "benefit", _("Benefit car")
    SERVICE = "service", _("Service car")
    POOL = "pool", _("Pool car")
    PRIVATE = "private", _("Private car")


class Vehicle(TenantModel):
    """A vehicle of a driver, of a company (a pool car), or of both, by its registration number
    (upper case, no spaces), which an operator knows once. Sessions keep the number of the vehicle
    that their card sat in; without an owner it stays for what is past."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    registration_number = models.CharField(_("registration number"), max_length=12)
    driver = models.ForeignKey(
        Driver,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="vehicles",
        verbose_name=_("driver"),
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="vehicles",
        verbose_name=_("company"),
    )
    make = models.CharField(_("make"), max_length=40, blank=True)
    model = models.CharField(_("model"), max_length=60, blank=True)
    use = models.CharField(_("use"), max_length=10, choices=VehicleUse.choices, blank=True)
    cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)
    valid_from_on = models.DateField(_("valid from"), null=True, blank=True)
    valid_until_on = models.DateField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["registration_number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "registration_number"], name="vehicle_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from_on__isnull=True)
                | models.Q(valid_until_on__isnull=True)
                | models.Q(valid_until_on__gte=models.F("valid_from_on")),
                name="vehicle_validity_order",
            ),
        ]
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")

    def __str__(self) -> str:
        return self.registration_number

    @property
    def kind(self) -> str:
        """Make and model, as far as they are known."""
        return " ".join(filter(None, (self.make, self.model)))

    def shown_status(self, today: date) -> str:
        """``not_yet``, ``ended`` or ``active`` on that day."""
        if self.valid_from_on is not None and today < self.valid_from_on:
            return "not_yet"
        if self.valid_until_on is not None and today > self.valid_until_on:
            return "ended"
        return "active"


class DriverAccount(AccountLink):
    """The account that pays for a driver in a span of days; it comes before the company's."""

    owner = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="account_links")

    class Meta(AccountLink.Meta):
        abstract = False
        verbose_name = _("driver's account")
        verbose_name_plural = _("drivers' accounts")
