"""Billing runs, the rules of sellers for them, and items that people enter by hand."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount, InvoiceRhythm
from billing.sellers.models import Seller
from core.tenancy.models import TenantModel
from stations.sites.models import Site


class BillingRules(TenantModel):
    """How a seller invoices. What lies before ``bills_from_on`` is not invoiced here."""

    seller = models.OneToOneField(Seller, on_delete=models.CASCADE, related_name="billing_rules")
    rhythm = models.CharField(
        _("rhythm"),
        max_length=12,
        choices=InvoiceRhythm.choices,
        default=InvoiceRhythm.MONTHLY,
    )
    runs_alone = models.BooleanField(
        _("prepare runs by the calendar"),
        default=True,
        help_text=_("Drafts of the month that ended are made on the day below."),
    )
    run_day = models.PositiveSmallIntegerField(
        _("day of the month"), default=2, help_text=_("From 1 to 28.")
    )
    issues_alone = models.BooleanField(
        _("issue without asking"),
        default=False,
        help_text=_("Otherwise a person looks at the drafts and issues them."),
    )
    minimum_amount = models.DecimalField(
        _("least amount to invoice"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(3),
        help_text=_("Less than this is carried over to the next invoice."),
    )
    rounds_to_coins = models.BooleanField(
        _("round what is to be paid to whole coins"),
        default=False,
        help_text=_("Where whole amounts are asked for; the VAT stays as it is."),
    )
    uses_customer_ocr = models.BooleanField(
        _("one payment reference a customer"),
        default=False,
        help_text=_("Otherwise each invoice has its own."),
    )
    bills_from_on = models.DateField(_("invoices from"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["seller_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(run_day__gte=1, run_day__lte=28), name="billing_rules_day"
            ),
            models.CheckConstraint(
                condition=models.Q(minimum_amount__gte=0), name="billing_rules_minimum"
            ),
        ]
        verbose_name = _("rules of invoicing")
        verbose_name_plural = _("rules of invoicing")

    def __str__(self) -> str:
        return str(self.seller_id)


class RunState(models.TextChoices):
    """Where a billing run is."""

    PLANNED = "planned", _("Being prepared")
    PREVIEWED = "previewed", _("Waits for approval")
    RUNNING = "running", _("Being issued")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class RunScope(models.TextChoices):
    """Which accounts a run takes."""

    PERIOD = "period", _("Accounts invoiced by the month or quarter")
    SESSIONS = "sessions", _("Accounts invoiced by the session")
    ACCOUNT = "account", _("One account")


class BillingRun(TenantModel):
    """Making drafts of everything that a seller has to invoice up to a day, and issuing them.

    ``cursor`` is the last account whose drafts were made: a run that is killed goes on from
    there. ``schedule_key`` keeps the calendar from preparing the same run twice. ``sums`` are
    gross sums by currency.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="runs")
    scope = models.CharField(
        _("accounts"), max_length=10, choices=RunScope.choices, default=RunScope.PERIOD
    )
    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="runs"
    )
    period_from_on = models.DateField(_("from"))
    period_until_on = models.DateField(_("until"))
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.PLANNED
    )
    issues_alone = models.BooleanField(_("issue without asking"), default=False)
    ignores_minimum = models.BooleanField(_("small amounts too"), default=False)
    cursor = models.BigIntegerField(default=0, editable=False)
    draft_count = models.PositiveIntegerField(_("drafts"), default=0)
    invoice_count = models.PositiveIntegerField(_("invoices"), default=0)
    item_count = models.PositiveIntegerField(_("items"), default=0)
    carried_count = models.PositiveIntegerField(_("carried over"), default=0)
    sums = models.JSONField(_("sums"), default=dict, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    schedule_key = models.CharField(max_length=80, blank=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_label = models.CharField(_("started by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    previewed_at = models.DateTimeField(_("prepared"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_until_on__gte=models.F("period_from_on")),
                name="billing_run_period",
            ),
            models.UniqueConstraint(
                fields=["seller", "schedule_key"],
                condition=~models.Q(schedule_key=""),
                name="billing_run_scheduled_once",
            ),
            models.CheckConstraint(
                condition=models.Q(scope="account", account__isnull=False)
                | (~models.Q(scope="account") & models.Q(account__isnull=True)),
                name="billing_run_account",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["planned", "running"]),
                name="billing_run_work_idx",
            )
        ]
        verbose_name = _("billing run")
        verbose_name_plural = _("billing runs")

    def __str__(self) -> str:
        return self.public_id


class CarryReason(models.TextChoices):
    """Why something due is not on an invoice of the run."""

    TOO_SMALL = "too_small", _("Below the least amount")
    NEGATIVE = "negative", _("In the customer's favour")


class RunCarry(TenantModel):
    """What a run found due for an account and carried over to its next invoice."""

    run = models.ForeignKey(BillingRun, on_delete=models.CASCADE, related_name="carries")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    gross = models.DecimalField(_("gross"), max_digits=16, decimal_places=4)
    reason = models.CharField(_("reason"), max_length=10, choices=CarryReason.choices)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["run_id", "id"]
        verbose_name = _("carried over")
        verbose_name_plural = _("carried over")

    def __str__(self) -> str:
        return f"{self.account_id} {self.gross}"


class ManualKind(models.TextChoices):
    """What a person enters by hand."""

    LINE = "line", _("Line")
    OPENING_BALANCE = "opening_balance", _("Opening balance")


class ManualItem(TenantModel):
    """A line that a person enters, for the account's next invoice from ``due_on`` on. A deduction
    has a negative quantity. An opening balance is what was owed before, without VAT."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="manual_items")
    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, related_name="manual_items"
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=ManualKind.choices, default=ManualKind.LINE
    )
    description = models.CharField(_("text on the invoice"), max_length=300)
    due_on = models.DateField(_("due from"))
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, default=1)
    unit = models.CharField(_("unit"), max_length=8, default="each")
    unit_price = models.DecimalField(_("price"), max_digits=14, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    is_tax_included = models.BooleanField(_("price includes VAT"), default=False)
    tax_percent = models.DecimalField(_("VAT (%)"), max_digits=5, decimal_places=2, default=25)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)
    revenue_account = models.CharField(_("revenue account"), max_length=10, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-due_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(unit_price__gte=0) & ~models.Q(quantity=0),
                name="manual_item_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(tax_percent__gte=0, tax_percent__lt=100),
                name="manual_item_tax",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="line") | models.Q(tax_percent=0),
                name="manual_item_opening_untaxed",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "account", "due_on"], name="manual_item_due_idx")
        ]
        verbose_name = _("manual item")
        verbose_name_plural = _("manual items")

    def __str__(self) -> str:
        return self.description
