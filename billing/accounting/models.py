"""The journal: entries with postings, and the months that are open or closed."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.accounting.book_models import ChartAccount
from billing.accounting.entries import EntryKind, TaxPart
from billing.sellers.models import Seller
from core.tenancy.models import TenantModel

KIND_WORDS: Final = {
    EntryKind.INVOICE: _("Invoice"),
    EntryKind.CREDIT_NOTE: _("Credit note"),
    EntryKind.PAYMENT: _("Payment"),
    EntryKind.REFUND: _("Refund"),
    EntryKind.CREDIT_USED: _("Credit used"),
    EntryKind.FEE: _("Payment fee"),
    EntryKind.REMINDER_FEE: _("Reminder fee"),
    EntryKind.INTEREST: _("Late interest"),
    EntryKind.ROUNDING: _("Rounding"),
    EntryKind.WRITE_OFF: _("Write-off"),
    EntryKind.SETTLEMENT: _("Settlement"),
    EntryKind.PAYOUT: _("Payout"),
    EntryKind.ACCRUAL: _("Accrued income"),
    EntryKind.REVERSAL: _("Reversal"),
}
KIND_CHOICES: Final = [(kind.value, word) for kind, word in KIND_WORDS.items()]
PARTS: Final = (
    (TaxPart.BASE.value, _("Base")),
    (TaxPart.OUTPUT.value, _("Output VAT")),
    (TaxPart.INPUT.value, _("Input VAT")),
)


class JournalEntry(TenantModel):
    """A balanced entry of one currency. It never changes; an error is taken back by another.

    Numbers go up without a gap in the books of a seller. ``source_kind`` and ``source_id`` name
    the row that it books, each once. ``total`` is the sum of what is debited; with
    ``posting_count`` it says what belongs to the entry, checked when the transaction ends.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="journal_entries")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16, choices=KIND_CHOICES)
    booked_on = models.DateField(_("day"))
    document = models.CharField(_("document"), max_length=80)
    text = models.CharField(_("text"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    total = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    posting_count = models.PositiveSmallIntegerField(_("postings"))
    source_kind = models.CharField(_("source"), max_length=24)
    source_id = models.BigIntegerField(_("number of the source"))
    account = models.ForeignKey(
        "billing.BillingAccount",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="journal_entries",
        verbose_name=_("billing account"),
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    created_at = models.DateTimeField(_("posted"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["seller", "number"], name="journal_number_once"),
            models.UniqueConstraint(
                fields=["source_kind", "source_id"], name="journal_source_once"
            ),
            models.CheckConstraint(
                condition=models.Q(total__gt=0, posting_count__gte=2, number__gte=1),
                name="journal_entry_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="journal_currency"
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-booked_on", "-id"], name="journal_recent_idx"),
            models.Index(fields=["seller", "booked_on"], name="journal_seller_day_idx"),
            models.Index(fields=["operator", "document"], name="journal_document_idx"),
        ]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")

    def __str__(self) -> str:
        return f"{self.number} {self.document}"


class JournalPosting(TenantModel):
    """An amount on an account: debit above zero, credit below. ``dimensions`` are pairs of a
    dimension of SIE and its object; the tax fields say why the amount stands in the report of
    VAT. ``invoice_number``: whose receivable it moves."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    position = models.PositiveSmallIntegerField(_("position"))
    account = models.ForeignKey(ChartAccount, on_delete=models.PROTECT, related_name="postings")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    text = models.CharField(_("text"), max_length=200, blank=True)
    dimensions = models.JSONField(_("dimensions"), default=list, blank=True)
    tax_part = models.CharField(_("part of VAT"), max_length=6, choices=PARTS, blank=True)
    tax_category = models.CharField(_("tax category"), max_length=2, blank=True)
    tax_rate = models.DecimalField(
        _("tax rate (%)"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    tax_country = models.CharField(_("country"), max_length=2, blank=True)
    invoice_number = models.CharField(_("invoice"), max_length=60, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["entry_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="journal_posting_once"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="journal_posting_amount"),
            models.CheckConstraint(
                condition=models.Q(tax_part="", tax_category="", tax_rate__isnull=True)
                | (~models.Q(tax_part="") & ~models.Q(tax_category="") & ~models.Q(tax_country="")),
                name="journal_posting_tax",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "invoice_number"], name="journal_posting_invoice_idx"),
        ]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount} {self.currency}"

    @property
    def credit(self) -> Decimal:
        """The amount of a credit, above zero."""
        return -self.amount


class CoveredSource(TenantModel):
    """A row that an entry books beside the one it is named after, such as what a payment was
    matched with on the day it came."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="covered")
    source_kind = models.CharField(_("source"), max_length=24)
    source_id = models.BigIntegerField(_("number of the source"))

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["entry_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id"], name="covered_source_once"
            ),
        ]
        verbose_name = _("covered source")
        verbose_name_plural = _("covered sources")

    def __str__(self) -> str:
        return f"{self.source_kind} {self.source_id}"


class PeriodState(models.TextChoices):
    """Whether entries may still be made in a month."""

    OPEN = "open", pgettext_lazy("month", "Open")
    CLOSED = "closed", _("Closed")


class Period(TenantModel):
    """A month of a seller's books. Where no row stands, the month is open. The database refuses
    entries in a closed month."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="periods")
    begins_on = models.DateField(_("month"))  # the first day
    state = models.CharField(
        _("state"), max_length=6, choices=PeriodState.choices, default=PeriodState.OPEN
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by_label = models.CharField(_("closed by"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-begins_on", "seller_id"]
        constraints = [
            models.UniqueConstraint(fields=["seller", "begins_on"], name="period_month_once"),
            models.CheckConstraint(condition=models.Q(begins_on__day=1), name="period_first_day"),
            models.CheckConstraint(
                condition=models.Q(state=PeriodState.OPEN, closed_at__isnull=True)
                | models.Q(state=PeriodState.CLOSED, closed_at__isnull=False),
                name="period_closed_at",
            ),
        ]
        verbose_name = _("month of the books")
        verbose_name_plural = _("months of the books")

    def __str__(self) -> str:
        return f"{self.begins_on:%Y-%m}"


class PeriodChange(TenantModel):
    """A closing or reopening of a month: when, by whom, why, and the checklist as it was. The
    accrual of a closing is booked in its name."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(_("state"), max_length=6, choices=PeriodState.choices)
    reason = models.CharField(_("why"), max_length=500, blank=True)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)
    accrued = models.JSONField(_("accrued sessions"), default=list, blank=True)
    by_label = models.CharField(_("by"), max_length=200)
    happened_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-happened_at", "-id"]
        verbose_name = _("change of a month")
        verbose_name_plural = _("changes of months")

    def __str__(self) -> str:
        return f"{self.period_id}: {self.state}"
