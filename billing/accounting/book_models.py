"""A seller's books: its chart of accounts, and which account is used for what."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from billing.accounting.chart import Use
from billing.invoices.models import LineKind
from billing.sellers.models import Seller
from core.tenancy.models import TenantModel

USE_WORDS: Final = {
    Use.RECEIVABLE: _("Receivables"),
    Use.BANK: _("Bank account"),
    Use.CARD_CLEARING: _("Cards, until paid out"),
    Use.SWISH_CLEARING: _("Swish, until paid out"),
    Use.UNIDENTIFIED: _("Unidentified payments"),
    Use.CUSTOMER_CREDIT: _("Credit of customers"),
    Use.ROUNDING: _("Rounding"),
    Use.PAYMENT_FEES: _("Fees of banks and payment providers"),
    Use.REMINDER_FEES: _("Reminder fees"),
    Use.INTEREST: _("Late interest"),
    Use.BAD_DEBT: _("Bad debts"),
    Use.ACCRUED: _("Accrued income (asset)"),
    Use.ACCRUED_REVENUE: _("Accrued income (revenue)"),
    Use.HOST_COST: _("Compensation to site hosts"),
    Use.HOST_PAYABLE: _("Owed to site hosts"),
    Use.INPUT_TAX: _("Input VAT"),
}
KINDS: Final = LineKind.choices
CATEGORIES: Final = (
    ("S", _("Taxed")),
    ("Z", _("Zero rate")),
    ("E", _("Exempt")),
    ("AE", _("Reverse charge")),
    ("K", _("To another EU country")),
    ("G", _("Export")),
    ("O", _("Outside the scope of VAT")),
)


class Books(TenantModel):
    """The books of one seller. ``site_dimension``: the dimension of SIE that sites are objects
    of, empty for none. ``last_number``: of its entries; the row is locked while one is written."""

    seller = models.OneToOneField(Seller, on_delete=models.PROTECT, related_name="books")
    site_dimension = models.PositiveSmallIntegerField(
        _("dimension of sites"), null=True, blank=True, default=1
    )
    year_first_month = models.PositiveSmallIntegerField(
        _("first month of the financial year"), default=1
    )
    last_number = models.PositiveIntegerField(_("last number"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["seller__name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year_first_month__gte=1, year_first_month__lte=12),
                name="books_year",
            ),
            models.CheckConstraint(
                condition=models.Q(site_dimension__isnull=True)
                | models.Q(site_dimension__gte=1, site_dimension__lte=9999),
                name="books_dimension",
            ),
        ]
        verbose_name = _("books")
        verbose_name_plural = _("books")

    def __str__(self) -> str:
        return str(self.seller)


class ChartAccount(TenantModel):
    """An account of a seller's chart. Its number stays once something is booked on it."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="chart_accounts")
    number = models.CharField(_("account"), max_length=6)
    name = models.CharField(_("name"), max_length=100)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="chart_account_once"),
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^[1-9][0-9]{3,5}$") & ~models.Q(name=""),
                name="chart_account_number",
            ),
        ]
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class AccountUse(TenantModel):
    """The account for what neither revenue nor tax decides."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="account_uses")
    use = models.CharField(
        _("use"), max_length=20, choices=[(use.value, word) for use, word in USE_WORDS.items()]
    )
    account = models.ForeignKey(ChartAccount, on_delete=models.PROTECT, related_name="uses")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["seller_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["seller", "use"], name="account_use_once"),
        ]
        verbose_name = _("use of an account")
        verbose_name_plural = _("uses of accounts")

    def __str__(self) -> str:
        return f"{self.get_use_display()}: {self.account}"

    @property
    def words(self) -> str:
        """What it is for, in words."""
        return str(self.get_use_display())


def terms_words(*parts: object, rate: Decimal | None) -> str:
    """What a rule asks for; nothing: everything else."""
    shown = [str(part) for part in parts if part]
    if rate is not None:
        shown.append(f"{rate.normalize():f} %")
    return " · ".join(shown) or _gettext("Everything else")


class RevenueMapping(TenantModel):
    """The account of sales that fit everything given; what is empty fits all."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="revenue_mappings")
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, blank=True)
    category = models.CharField(_("tax category"), max_length=2, choices=CATEGORIES, blank=True)
    rate = models.DecimalField(
        _("tax rate (%)"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    account = models.ForeignKey(ChartAccount, on_delete=models.PROTECT, related_name="sales")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["account__number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "kind", "category", "rate", "country"],
                nulls_distinct=False,
                name="revenue_mapping_once",
            ),
        ]
        verbose_name = _("account of revenue")
        verbose_name_plural = _("accounts of revenue")

    def __str__(self) -> str:
        return f"{self.kind} {self.category} {self.rate} {self.country}: {self.account}"

    @property
    def words(self) -> str:
        """What it asks for, in words."""
        parts = (self.get_kind_display(), self.get_category_display(), self.country)
        return terms_words(*parts, rate=self.rate)


class TaxMapping(TenantModel):
    """The account of output tax of a rate and country; what is empty fits all."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="tax_mappings")
    rate = models.DecimalField(
        _("tax rate (%)"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    account = models.ForeignKey(ChartAccount, on_delete=models.PROTECT, related_name="taxes")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["account__number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "rate", "country"],
                nulls_distinct=False,
                name="tax_mapping_once",
            ),
        ]
        verbose_name = _("account of VAT")
        verbose_name_plural = _("accounts of VAT")

    def __str__(self) -> str:
        return f"{self.rate} {self.country}: {self.account}"

    @property
    def words(self) -> str:
        """What it asks for, in words."""
        return terms_words(self.country, rate=self.rate)
