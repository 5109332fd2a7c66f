"""Invoices, credit notes and self-billing: what stands on them, and what was billed by them."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.fee_models import Fee
from billing.accounts.models import BillingAccount
from billing.invoices.run_models import BillingRun, ManualItem
from billing.rating.models import BillableItem
from billing.sellers.models import InvoiceSeries, Seller
from core.tenancy.models import TenantModel
from stations.sites.models import Site

CHANGING: Final = (
    "state",
    "open_amount",
    "paid_amount",
    "credited_amount",
    "written_off_amount",
    "credited_gross",
    "is_disputed",
    "sent_at",
)
"""What may still change of an issued row (trigger); everything else stays as it was issued."""


class InvoiceKind(models.TextChoices):
    """What a document is."""

    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    SELF_BILLING = "self_billing", _("Self-billing")


class InvoiceState(models.TextChoices):
    """Where a document stands."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    PARTLY_PAID = "partly_paid", _("Partly paid")
    PAID = "paid", _("Paid")
    OVERDUE = "overdue", _("Overdue")
    CREDITED = "credited", _("Credited")
    WRITTEN_OFF = "written_off", _("Written off")


class Invoice(TenantModel):
    """One document. A draft has no number and may be deleted; once issued, only the columns of
    ``CHANGING`` change, and the row stays for ever (triggers).

    Amounts of a credit note are positive: they say what is given back. ``open_amount`` is what
    is still to be paid; of a credit note, what the customer still has to get. ``credited_amount``
    is what credit notes took off the open amount, ``credited_gross`` all that they gave back.
    ``prices_include_tax``: the gross amounts of the lines are what was agreed, tax is taken out.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="invoices")
    account = models.ForeignKey(
        BillingAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name=_("billing account"),
    )
    run = models.ForeignKey(
        BillingRun, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=InvoiceKind.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=InvoiceState.choices, default=InvoiceState.DRAFT
    )
    series = models.ForeignKey(
        InvoiceSeries, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    series_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField(_("running number"), null=True, blank=True)
    number = models.CharField(_("number"), max_length=30, blank=True)
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    supply_from_on = models.DateField(_("delivered from"), null=True, blank=True)
    supply_until_on = models.DateField(_("delivered until"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    prices_include_tax = models.BooleanField(_("prices include VAT"), default=False)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4, default=0)
    tax = models.DecimalField(_("VAT"), max_digits=16, decimal_places=4, default=0)
    gross = models.DecimalField(_("gross"), max_digits=16, decimal_places=4, default=0)
    rounding = models.DecimalField(_("rounding"), max_digits=16, decimal_places=4, default=0)
    payable = models.DecimalField(_("to pay"), max_digits=16, decimal_places=4, default=0)
    open_amount = models.DecimalField(_("open"), max_digits=16, decimal_places=4, default=0)
    paid_amount = models.DecimalField(_("paid"), max_digits=16, decimal_places=4, default=0)
    credited_amount = models.DecimalField(_("credited"), max_digits=16, decimal_places=4, default=0)
    written_off_amount = models.DecimalField(
        _("written off"), max_digits=16, decimal_places=4, default=0
    )
    credited_gross = models.DecimalField(
        _("given back by credit notes"), max_digits=16, decimal_places=4, default=0
    )
    ocr = models.CharField(_("OCR"), max_length=25, blank=True)
    language = models.CharField(_("language"), max_length=10, default="sv")
    seller_snapshot = models.JSONField(_("seller then"), default=dict, blank=True)
    buyer_snapshot = models.JSONField(_("buyer then"), default=dict, blank=True)
    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    is_disputed = models.BooleanField(_("disputed"), default=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "number"],
                condition=~models.Q(number=""),
                name="invoice_number_once",
            ),
            models.UniqueConstraint(
                fields=["series", "series_year", "sequence"],
                nulls_distinct=False,
                condition=models.Q(sequence__isnull=False),
                name="invoice_sequence_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    gross=models.F("net") + models.F("tax"),
                    payable=models.F("gross") + models.F("rounding"),
                ),
                name="invoice_sums",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    open_amount=models.F("payable")
                    - models.F("paid_amount")
                    - models.F("credited_amount")
                    - models.F("written_off_amount")
                ),
                name="invoice_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(
                    open_amount__gte=0,
                    paid_amount__gte=0,
                    credited_amount__gte=0,
                    written_off_amount__gte=0,
                    gross__gte=0,
                    credited_gross__gte=0,
                    credited_gross__lte=models.F("gross"),
                ),
                name="invoice_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="draft", number="", sequence__isnull=True, issued_on__isnull=True
                )
                | (
                    ~models.Q(state="draft")
                    & ~models.Q(number="")
                    & models.Q(
                        sequence__isnull=False,
                        series__isnull=False,
                        issued_on__isnull=False,
                        issued_at__isnull=False,
                    )
                ),
                name="invoice_issued_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="credit_note", original__isnull=False)
                & ~models.Q(reason="")
                | (~models.Q(kind="credit_note") & models.Q(original__isnull=True)),
                name="invoice_credit_has_original",
            ),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) | ~models.Q(kind="invoice"),
                name="invoice_has_account",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-issued_on", "-id"], name="invoice_issued_idx"),
            models.Index(fields=["account", "-issued_on"], name="invoice_account_idx"),
            models.Index(fields=["operator", "ocr"], name="invoice_ocr_idx"),
            models.Index(
                fields=["issued_at"], condition=~models.Q(state="draft"), name="invoice_new_idx"
            ),
            models.Index(
                fields=["operator", "due_on"],
                condition=models.Q(open_amount__gt=0) & ~models.Q(state="draft"),
                name="invoice_open_idx",
            ),
        ]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")

    def __str__(self) -> str:
        return self.number or self.public_id

    @property
    def shown_number(self) -> str:
        """The number; of a draft its id."""
        return str(self)

    @property
    def is_draft(self) -> bool:
        """Whether it has no number yet."""
        return self.state == InvoiceState.DRAFT


class LineKind(models.TextChoices):
    """What a line is for; the same words as in the document."""

    ENERGY = "energy", _("Energy")
    TIME = "time", _("Time")
    IDLE = "idle", _("Idle time")
    SESSION_FEE = "session_fee", _("Session fee")
    FEE = "fee", _("Fee")
    NETWORK = "network", _("Network access")
    DISCOUNT = "discount", _("Discount")
    OTHER = "other", _("Other")


class InvoiceLine(TenantModel):
    """One line. ``unit_price`` is without tax. ``credits`` is the line that a line of a credit
    note takes back. ``is_specified``: the items of its group are its specification."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    group_title = models.CharField(_("group"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=LineKind.choices)
    description = models.CharField(_("description"), max_length=300)
    details = models.CharField(_("details"), max_length=500, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    unit = models.CharField(_("unit"), max_length=8)
    unit_price = models.DecimalField(_("price"), max_digits=24, decimal_places=10)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("VAT"), max_digits=16, decimal_places=4)
    gross = models.DecimalField(_("gross"), max_digits=16, decimal_places=4)
    tax_rate = models.DecimalField(_("VAT (%)"), max_digits=7, decimal_places=4)
    tax_category = models.CharField(_("VAT category"), max_length=2)
    tax_country = models.CharField(_("country of the VAT"), max_length=2)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    period_from_on = models.DateField(_("from"), null=True, blank=True)
    period_until_on = models.DateField(_("until"), null=True, blank=True)
    cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)
    registration_number = models.CharField(
        _("registration number"), max_length=12, blank=True, default="", db_default=""
    )
    revenue_account = models.CharField(_("revenue account"), max_length=10, blank=True)
    is_specified = models.BooleanField(_("specified"), default=False)
    credits = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="credited_by"
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["invoice_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_once"),
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")),
                name="invoice_line_sums",
            ),
        ]
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")

    def __str__(self) -> str:
        return self.description


class InvoiceTax(TenantModel):
    """The tax of one category, rate and country, reckoned on the sum; ``reason`` says why there
    is none."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="taxes")
    category = models.CharField(_("VAT category"), max_length=2)
    rate = models.DecimalField(_("VAT (%)"), max_digits=7, decimal_places=4)
    country = models.CharField(_("country of the VAT"), max_length=2)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("VAT"), max_digits=16, decimal_places=4)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["invoice_id", "-rate", "category", "country"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "category", "rate", "country"], name="invoice_tax_once"
            ),
        ]
        verbose_name = _("VAT of an invoice")
        verbose_name_plural = _("VAT of invoices")

    def __str__(self) -> str:
        return f"{self.category} {self.rate}"


class InvoiceItem(TenantModel):
    """One thing that an invoice bills, under a ``key`` that no other invoice has: a billable
    item, a fee in a month, a manual item. ``line`` is the first line of the group it is in.

    ``billable`` has no key in the database while the invoice is a draft: a session that is rated
    anew takes its item back, and the draft is made anew before it is issued. ``source_at`` is
    when the fee or manual item was last changed then. ``adjusts`` is the invoice that billed the
    session before.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="items")
    line = models.ForeignKey(InvoiceLine, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(_("key"), max_length=64)
    billable = models.ForeignKey(
        BillableItem,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="invoice_items",
    )
    fee = models.ForeignKey(
        Fee, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_items"
    )
    manual = models.ForeignKey(
        ManualItem, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_items"
    )
    adjusts = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="adjusted_by"
    )
    source_at = models.DateTimeField(null=True, blank=True)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    gross = models.DecimalField(_("gross"), max_digits=16, decimal_places=4)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["invoice_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "key"], name="invoice_item_once"),
        ]
        verbose_name = _("billed item")
        verbose_name_plural = _("billed items")

    def __str__(self) -> str:
        return self.key
