"""Billing accounts, price groups, and which account was in which group when."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel

LONGEST_TERMS_DAYS: Final = 365


class Audience(models.TextChoices):
    """Whom prices are meant for; consumers see them with VAT."""

    CONSUMER = "consumer", _("Consumers")
    COMPANY = "company", _("Companies")


class PriceGroup(TenantModel):
    """Accounts that get the same prices. ``shows_tax_included``: prices are entered and shown
    with VAT, as the law asks towards consumers."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    audience = models.CharField(
        _("for"), max_length=10, choices=Audience.choices, default=Audience.CONSUMER
    )
    shows_tax_included = models.BooleanField(_("prices shown including VAT"), default=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    retired_on = models.DateField(_("retired"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="price_group_name_once"),
            models.CheckConstraint(
                condition=models.Q(audience=Audience.COMPANY) | models.Q(shows_tax_included=True),
                name="price_group_consumer_tax",
            ),
        ]
        verbose_name = _("price group")
        verbose_name_plural = _("price groups")

    def __str__(self) -> str:
        return self.name

    @property
    def shown_status(self) -> str:
        """``retired`` or ``active``."""
        return "retired" if self.retired_on else "active"


class AccountKind(models.TextChoices):
    """Who the customer is."""

    PERSON = "person", _("Person")
    COMPANY = "company", _("Company")


class AccountStatus(models.TextChoices):
    """Whether what hangs on the account may charge."""

    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")


class InvoiceRhythm(models.TextChoices):
    """How often an account is invoiced."""

    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    PER_SESSION = "per_session", _("After each session")
    BY_HAND = "by_hand", _("By hand alone")


class InvoiceGrouping(models.TextChoices):
    """What lines of an account's invoices are put together by."""

    SESSION = "session", _("A line a session")
    DRIVER = "driver", _("By driver")
    COST_CENTRE = "cost_centre", _("By cost centre")
    VEHICLE = "vehicle", _("By vehicle")
    SITE = "site", _("By site")
    SUMMARY = "summary", _("Sums alone, with a specification")


class BillingAccount(TenantModel):
    """A person or company that pays. Drivers and companies belong to one; the account has one
    currency, since an invoice has one. A provisional one was made for somebody who is about to
    pay: lists leave it out until there is money."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=AccountKind.choices, default=AccountKind.PERSON
    )
    name = models.CharField(_("name"), max_length=120)
    organisation_number = models.CharField(_("organisation number"), max_length=32, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    address_extra = models.CharField(_("second address line"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=16, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    country_code = models.CharField(_("country code"), max_length=2, default="SE")
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="sv"
    )
    currency = models.CharField(_("currency"), max_length=3, default="SEK")
    payment_terms_days = models.PositiveSmallIntegerField(_("payment terms (days)"), default=30)
    emails = models.JSONField(_("invoice e-mails"), default=list, blank=True)
    peppol_address = models.CharField(_("Peppol address"), max_length=60, blank=True)
    buyer_reference = models.CharField(_("buyer reference"), max_length=100, blank=True)
    order_number = models.CharField(_("order number"), max_length=100, blank=True)
    invoice_rhythm = models.CharField(
        _("invoiced"),
        max_length=12,
        choices=InvoiceRhythm.choices,
        blank=True,
        default="",
        help_text=_("Empty: as the seller invoices."),
    )
    invoice_grouping = models.CharField(
        _("lines of invoices"),
        max_length=12,
        choices=InvoiceGrouping.choices,
        default=InvoiceGrouping.SESSION,
    )
    credit_limit_amount = models.DecimalField(
        _("credit limit"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    status = models.CharField(
        _("status"), max_length=10, choices=AccountStatus.choices, default=AccountStatus.ACTIVE
    )
    status_reason = models.CharField(_("why"), max_length=500, blank=True)
    is_provisional = models.BooleanField(
        _("nobody has paid yet"), default=False, db_default=False, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(payment_terms_days__lte=LONGEST_TERMS_DAYS),
                name="billing_account_terms",
            ),
            models.CheckConstraint(
                condition=models.Q(credit_limit_amount__isnull=True)
                | models.Q(credit_limit_amount__gte=0),
                name="billing_account_credit_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="billing_account_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(status=AccountStatus.ACTIVE) | ~models.Q(status_reason=""),
                name="billing_account_block_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "name"], name="billing_account_name_idx"),
            models.Index(
                fields=["operator", "organisation_number"], name="billing_account_number_idx"
            ),
        ]
        verbose_name = _("billing account")
        verbose_name_plural = _("billing accounts")

    def __str__(self) -> str:
        return self.name

    @property
    def address_lines(self) -> list[str]:
        """The postal address as it stands on an envelope."""
        town = f"{self.postal_code} {self.city}".strip()
        lines = (self.address, self.address_extra, town)
        return [line for line in lines if line] + ([self.country_code] if town else [])


class DatedModel(TenantModel):
    """Something that holds from one day to another, both included, in the operator's zone.
    An empty day: since ever, or until further notice. A trigger keeps the rows of one owner
    apart (core/tenancy/sql.py)."""

    valid_from_on = models.DateField(_("valid from"), null=True, blank=True)
    valid_until_on = models.DateField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Whether the row holds on that day."""
        return (self.valid_from_on is None or self.valid_from_on <= day) and (
            self.valid_until_on is None or day <= self.valid_until_on
        )


class PriceGroupMembership(DatedModel):
    """An account's price group in a span of days."""

    account = models.ForeignKey(
        BillingAccount, on_delete=models.CASCADE, related_name="memberships"
    )
    price_group = models.ForeignKey(
        PriceGroup, on_delete=models.PROTECT, related_name="memberships"
    )

    class Meta(DatedModel.Meta):
        abstract = False
        ordering = ["account_id", "valid_from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from_on__isnull=True)
                | models.Q(valid_until_on__isnull=True)
                | models.Q(valid_until_on__gte=models.F("valid_from_on")),
                name="price_group_membership_order",
            ),
        ]
        verbose_name = _("membership of a price group")
        verbose_name_plural = _("memberships of price groups")

    def __str__(self) -> str:
        return f"{self.price_group}"


class VatOutcome(models.TextChoices):
    """What the register of VAT numbers said."""

    VALID = "valid", _("Valid")
    INVALID = "invalid", _("Not valid")
    UNAVAILABLE = "unavailable", _("No answer")


class VatCheck(TenantModel):
    """The latest answer of VIES about a VAT number; asked again when it is old."""

    vat_number = models.CharField(_("VAT number"), max_length=32)
    outcome = models.CharField(_("outcome"), max_length=12, choices=VatOutcome.choices)
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=400, blank=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    checked_at = models.DateTimeField(_("checked"))

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["vat_number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "vat_number"], name="vat_check_once"),
        ]
        verbose_name = _("check of a VAT number")
        verbose_name_plural = _("checks of VAT numbers")

    def __str__(self) -> str:
        return self.vat_number
