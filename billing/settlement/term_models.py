"""What a site's host earns or pays, by dated terms."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount, DatedModel
from billing.sellers.models import Seller
from core.money import plain
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Station
from stations.sites.models import Site


class TermKind(models.TextChoices):
    """What a term counts."""

    SHARE_ENERGY = "share_energy", _("Share of energy revenue")
    SHARE_ALL = "share_all", _("Share of all revenue of sessions")
    PER_KWH = "per_kwh", _("Amount per kWh")
    PER_SESSION = "per_session", _("Amount per session")
    PER_MONTH = "per_month", _("Fixed amount per month")
    ENERGY_COST = "energy_cost", _("Cost of energy passed on")


class Direction(models.TextChoices):
    """Who pays whom."""

    TO_HOST = "to_host", _("The operator pays the host")
    TO_OPERATOR = "to_operator", _("The host pays the operator")


class Rhythm(models.TextChoices):
    """How long a period is."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")


PERCENTAGES = (TermKind.SHARE_ENERGY, TermKind.SHARE_ALL, TermKind.ENERGY_COST)


class HostTerms(DatedModel):
    """Terms between the operator and a host at a site, or at one of its stations, which then
    stand in for those of the site. They hold while a contract of the site names the host.
    ``sets_off_fees``: what the host owes by them may be set off against what it is paid.

    Rows of one site, host and station never overlap, and what a statement was issued by stays
    (triggers). ``rhythm`` is that of the site; empty for a station. What the host pays is
    invoiced to ``fee_account``.
    """

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="host_terms")
    host = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="host_terms")
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="host_terms"
    )
    rhythm = models.CharField(_("period"), max_length=8, choices=Rhythm.choices, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    fee_account = models.ForeignKey(
        BillingAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="host_terms",
        verbose_name=_("the host's billing account"),
    )
    sets_off_fees = models.BooleanField(_("fees are set off against the payout"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta(DatedModel.Meta):
        abstract = False
        ordering = ["site_id", "-valid_from_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_from_on__isnull=False)
                & (
                    models.Q(valid_until_on__isnull=True)
                    | models.Q(valid_until_on__gte=models.F("valid_from_on"))
                ),
                name="host_terms_order",
            ),
            models.CheckConstraint(
                condition=(models.Q(station__isnull=True) & ~models.Q(rhythm=""))
                | models.Q(station__isnull=False, rhythm=""),
                name="host_terms_rhythm",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="host_terms_currency"
            ),
            models.CheckConstraint(
                condition=models.Q(sets_off_fees=False) | models.Q(fee_account__isnull=False),
                name="host_terms_set_off",
            ),
        ]
        verbose_name = _("terms of a host")
        verbose_name_plural = _("terms of hosts")

    def __str__(self) -> str:
        return f"{self.host} · {self.station or self.site}"


class HostTerm(TenantModel):
    """One term. ``rate`` is a percentage for shares and costs, else an amount per unit without
    VAT; it never changes (trigger)."""

    placing = Placing("terms_id", "billing.HostTerms")

    terms = models.ForeignKey(HostTerms, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=16, choices=TermKind.choices)
    direction = models.CharField(_("who pays"), max_length=12, choices=Direction.choices)
    rate = models.DecimalField(_("rate"), max_digits=16, decimal_places=6)
    tax_percent = models.DecimalField(_("VAT (%)"), max_digits=5, decimal_places=2, default=25)
    text = models.CharField(_("text"), max_length=120, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["terms_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "position"], name="host_term_once"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="host_term_rate"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=("share_energy", "share_all"))
                | models.Q(rate__lte=100),
                name="host_term_share",
            ),
            models.CheckConstraint(
                condition=models.Q(tax_percent__gte=0, tax_percent__lt=100),
                name="host_term_tax",
            ),
        ]
        verbose_name = _("term")
        verbose_name_plural = _("terms")

    def __str__(self) -> str:
        return self.text or self.get_kind_display()

    @property
    def shown_rate(self) -> Decimal:
        """The rate without zeros at its end."""
        return plain(self.rate)

    @property
    def is_percentage(self) -> bool:
        """Whether the rate is a percentage."""
        return self.kind in PERCENTAGES
