"""Sellers, their number series, and who sells at which site when."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import LONGEST_TERMS_DAYS, DatedModel
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.sites.models import Site

MOST_INTEREST_PERCENT: Final = 100


class Seller(TenantModel):
    """A legal entity that stands on invoices: the operator's own, or a site host's in whose name
    the operator invoices or bills itself (``is_host``).

    ``late_interest_percent`` is added to the reference rate; empty: as the law says.
    ``fee_by_terms``: the accepted terms let the seller ask for a fee with a reminder.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("legal name"), max_length=200)
    is_host = models.BooleanField(_("site host"), default=False)
    organisation_number = models.CharField(_("organisation number"), max_length=32, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True)
    is_vat_registered = models.BooleanField(_("registered for VAT"), default=True)
    has_f_tax = models.BooleanField(_("approved for F-tax"), default=True)
    registered_office = models.CharField(_("registered office"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=16, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    country_code = models.CharField(_("country code"), max_length=2, default="SE")
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    bankgiro = models.CharField(_("bankgiro"), max_length=16, blank=True)
    plusgiro = models.CharField(_("plusgiro"), max_length=16, blank=True)
    iban = models.CharField(_("IBAN"), max_length=42, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    swish = models.CharField(_("Swish number"), max_length=16, blank=True)
    peppol_address = models.CharField(_("Peppol address"), max_length=60, blank=True)
    colour = models.CharField(_("colour"), max_length=7, blank=True)
    logo_path = models.CharField(max_length=200, blank=True, editable=False)
    terms_days = models.PositiveSmallIntegerField(_("payment terms (days)"), default=30)
    late_interest_percent = models.DecimalField(
        _("late interest above the reference rate (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    fee_by_terms = models.BooleanField(_("terms allow a reminder fee"), default=False)
    is_default = models.BooleanField(_("default seller"), default=False)
    retired_on = models.DateField(_("retired"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator"],
                condition=models.Q(is_default=True),
                name="seller_default_once",
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False)
                | models.Q(is_host=False, retired_on__isnull=True),
                name="seller_default_is_own",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="seller_name"),
            models.CheckConstraint(
                condition=models.Q(terms_days__lte=LONGEST_TERMS_DAYS), name="seller_terms"
            ),
            models.CheckConstraint(
                condition=models.Q(late_interest_percent__isnull=True)
                | models.Q(
                    late_interest_percent__gte=0, late_interest_percent__lte=MOST_INTEREST_PERCENT
                ),
                name="seller_late_interest",
            ),
            models.CheckConstraint(
                condition=models.Q(colour="") | models.Q(colour__regex=r"^#[0-9a-f]{6}$"),
                name="seller_colour",
            ),
            models.CheckConstraint(
                condition=models.Q(country_code__regex=r"^[A-Z]{2}$"), name="seller_country"
            ),
        ]
        verbose_name = _("seller")
        verbose_name_plural = _("sellers")

    def __str__(self) -> str:
        return self.name

    @property
    def shown_status(self) -> str:
        """``retired`` or ``active``."""
        return "retired" if self.retired_on else "active"


class Purpose(models.TextChoices):
    """What a series numbers."""

    INVOICE = "invoice", _("Invoices")
    CREDIT_NOTE = "credit_note", _("Credit notes")
    SELF_BILLING = "self_billing", _("Self-billing")


class InvoiceSeries(TenantModel):
    """A series of numbers of one seller. Code and pattern stay as they are once a number was
    taken (trigger). ``shape`` is the pattern with its code and without widths: two series of a
    seller never write the same number."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="series")
    purpose = models.CharField(_("for"), max_length=12, choices=Purpose.choices)
    code = models.CharField(_("series"), max_length=8, blank=True)
    pattern = models.CharField(_("number pattern"), max_length=60)
    shape = models.CharField(max_length=80, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["seller_id", "purpose", "-is_active", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "purpose"],
                condition=models.Q(is_active=True),
                name="invoice_series_active_once",
            ),
            models.UniqueConstraint(fields=["seller", "shape"], name="invoice_series_shape_once"),
        ]
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.code or self.pattern}"


class SeriesCounter(TenantModel):
    """The last number that a series has taken, in a year where its numbers start again each
    year. Numbers only ever go up, and the row is never deleted (trigger)."""

    series = models.ForeignKey(InvoiceSeries, on_delete=models.PROTECT, related_name="counters")
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["series_id", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year"], nulls_distinct=False, name="series_counter_once"
            ),
        ]
        verbose_name = _("number counter")
        verbose_name_plural = _("number counters")

    def __str__(self) -> str:
        return f"{self.series_id} {self.year or ''}: {self.last_number}"


class ContractForm(models.TextChoices):
    """Who sells the charging at a site."""

    OPERATOR_SELLS = "operator_sells", _("The operator sells")
    HOST_SELLS = "host_sells", _("The host sells, invoiced on its behalf")
    NOT_INVOICED = "not_invoiced", _("Nobody invoices here")


class SiteContract(DatedModel):
    """Who sells at a site from one day to another; without one the default seller does.

    The operator sells: ``seller`` is an entity of its own, and ``host``, if there is one, is paid
    by settlement. The host sells: it is the seller, with series of its own. Nobody invoices: a
    charging basis goes to ``basis_email``, the property manager's. The host's VAT status is kept
    here, since it is dated; ``self_billing_agreed_on`` is the day of the agreement without which
    no self-billing may be made.
    """

    placing = Placing("site_id")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="site_contracts")
    form = models.CharField(_("form"), max_length=16, choices=ContractForm.choices)
    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, null=True, blank=True, related_name="site_contracts"
    )
    host = models.ForeignKey(
        Seller, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted_contracts"
    )
    host_is_vat_registered = models.BooleanField(_("host registered for VAT"), default=False)
    self_billing_agreed_on = models.DateField(_("self-billing agreed"), null=True, blank=True)
    minimum_payout_amount = models.DecimalField(
        _("least payout"), max_digits=12, decimal_places=2, default=500
    )
    basis_email = models.EmailField(_("property manager's e-mail"), max_length=254, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta(DatedModel.Meta):
        abstract = False
        ordering = ["site_id", "valid_from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from_on__isnull=True)
                | models.Q(valid_until_on__isnull=True)
                | models.Q(valid_until_on__gte=models.F("valid_from_on")),
                name="site_contract_order",
            ),
            models.CheckConstraint(
                condition=models.Q(form=ContractForm.OPERATOR_SELLS, seller__isnull=False)
                | models.Q(
                    # A host without seller compares to null, which a check lets pass.
                    seller__isnull=False,
                    form=ContractForm.HOST_SELLS,
                    host__isnull=False,
                    seller=models.F("host"),
                )
                | models.Q(form=ContractForm.NOT_INVOICED, seller__isnull=True),
                name="site_contract_seller",
            ),
            models.CheckConstraint(
                condition=models.Q(host__isnull=False)
                | models.Q(host_is_vat_registered=False, self_billing_agreed_on__isnull=True),
                name="site_contract_host",
            ),
            models.CheckConstraint(
                condition=models.Q(minimum_payout_amount__gte=0), name="site_contract_payout"
            ),
        ]
        verbose_name = _("site contract")
        verbose_name_plural = _("site contracts")

    def __str__(self) -> str:
        return f"{self.get_form_display()}"
