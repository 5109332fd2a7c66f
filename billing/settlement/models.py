"""Statements of hosts: what they earned in a period, by which facts, and whether it was paid."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.invoices.run_models import ManualItem
from billing.payments.models import amount_field
from billing.rating.models import RatedSession
from billing.sellers.models import ContractForm, Seller
from billing.settlement.payout_models import HostPayout
from billing.settlement.term_models import Direction, HostTerm, TermKind
from core.sentences import Sentence, read_sentence
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Station
from stations.sessions.models import Session
from stations.sites.models import Site

CHANGING: Final = (
    "host_invoice_number", "host_invoice_on", "tax", "gross", "owed_on", "carried_by_id",
    "payout_id", "paid_on",
)  # fmt: skip
"""What may still change of an issued statement, each by its own rule (trigger)."""
CARRIED: Final = "carried"
LINE_KINDS: Final = [*TermKind.choices, (CARRIED, _("Carried over from an earlier statement"))]


class StatementState(models.TextChoices):
    """Whether a statement stands."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")


class Route(models.TextChoices):
    """By which document the host gets what it earned."""

    SELF_BILLING = "self_billing", _("Self-billing invoice")
    STATEMENT = "statement", _("Statement without VAT")
    HOST_INVOICE = "host_invoice", _("The host's own invoice")
    CARRIED = "carried", _("Carried over, below zero")
    NOTHING = "nothing", _("Nothing to pay")


class Statement(TenantModel):
    """What a host earned at a site in a period. A draft is made anew as facts come in; issued it
    stays, but for the columns of ``CHANGING`` (triggers).

    Contract and VAT status are kept as they were. ``revenue_net`` is after ``credited_net``, which
    credit notes took back. ``net`` is what the operator owes the host,
    ``fee_net`` what the host owes the operator and gets an invoice for. ``owed_on``: the day on
    which the amount became a debt, which the books go by.
    """

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="statements")
    host = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="statements")
    seller = models.ForeignKey(
        Seller,
        on_delete=models.PROTECT,
        related_name="host_statements",
        verbose_name=_("paid by"),
    )
    form = models.CharField(_("form of contract"), max_length=16, choices=ContractForm.choices)
    host_is_vat_registered = models.BooleanField(_("host registered for VAT"), default=False)
    self_billing_agreed_on = models.DateField(_("self-billing agreed"), null=True, blank=True)
    minimum_payout_amount = models.DecimalField(
        _("least payout"), max_digits=12, decimal_places=2, default=0
    )
    period_from_on = models.DateField(_("from"))
    period_until_on = models.DateField(_("until"))
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(
        _("state"), max_length=8, choices=StatementState.choices, default=StatementState.DRAFT
    )
    route = models.CharField(_("document"), max_length=12, choices=Route.choices)
    energy_wh = models.DecimalField(_("energy (Wh)"), max_digits=18, decimal_places=4, default=0)
    session_count = models.IntegerField(_("sessions"), default=0)
    revenue_net = amount_field(_("net revenue"), default=0)
    credited_net = amount_field(_("credited"), default=0)
    net = amount_field(_("net"), default=0)
    tax = amount_field(_("VAT"), default=0)
    gross = amount_field(_("to pay"), default=0)
    fee_net = amount_field(_("fees of the host"), default=0)
    findings = models.JSONField(_("to know"), default=list, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    invoice = models.OneToOneField(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="statement"
    )
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    issued_label = models.CharField(_("issued by"), max_length=200, blank=True)
    host_invoice_number = models.CharField(_("host's invoice"), max_length=40, blank=True)
    host_invoice_on = models.DateField(_("date of host's invoice"), null=True, blank=True)
    owed_on = models.DateField(_("owed since"), null=True, blank=True)
    carried_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carries"
    )
    payout = models.ForeignKey(
        HostPayout, on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-period_until_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "host", "period_from_on"], name="statement_period_once"
            ),
            models.CheckConstraint(
                condition=models.Q(period_until_on__gte=models.F("period_from_on")),
                name="statement_period",
            ),
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")),
                name="statement_sums",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", issued_on__isnull=True, issued_at__isnull=True)
                | models.Q(state="issued", issued_on__isnull=False, issued_at__isnull=False),
                name="statement_issued_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", owed_on__isnull=True, invoice__isnull=True)
                | models.Q(state="issued", route="self_billing", invoice__isnull=False)
                | (
                    models.Q(state="issued", invoice__isnull=True) & ~models.Q(route="self_billing")
                ),
                name="statement_self_billed",
            ),
            models.CheckConstraint(
                condition=models.Q(owed_on__isnull=True)
                | models.Q(gross__gt=0, route__in=("self_billing", "statement"))
                | (models.Q(gross__gt=0, route="host_invoice") & ~models.Q(host_invoice_number="")),
                name="statement_owed",
            ),
            models.CheckConstraint(
                condition=models.Q(payout__isnull=True) | models.Q(owed_on__isnull=False),
                name="statement_paid_when_owed",
            ),
            models.CheckConstraint(
                condition=models.Q(paid_on__isnull=True) | models.Q(payout__isnull=False),
                name="statement_paid_by_payout",
            ),
            models.CheckConstraint(
                condition=models.Q(carried_by__isnull=True) | models.Q(route="carried"),
                name="statement_carried",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-period_until_on"], name="statement_period_idx"),
            models.Index(
                fields=["operator", "host"],
                condition=models.Q(owed_on__isnull=False, payout__isnull=True),
                name="statement_unpaid_idx",
            ),
        ]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    def __str__(self) -> str:
        return f"{self.host} {self.period_from_on:%Y-%m-%d}–{self.period_until_on:%Y-%m-%d}"

    @property
    def said(self) -> list[Sentence | str]:
        """``findings``, to be said in the reader's language."""
        return [read_sentence(one) for one in self.findings]

    @property
    def is_draft(self) -> bool:
        """Whether it is not issued yet."""
        return self.state == StatementState.DRAFT

    @property
    def awaits_tax(self) -> bool:
        """Whether ``gross`` is without the VAT that its document will say."""
        return self.owed_on is None and self.route in (Route.SELF_BILLING, Route.HOST_INVOICE)

    @property
    def shown_state(self) -> str:
        """The state in one word: draft, awaits_invoice, carried, nothing, to_pay, ordered, paid."""
        if self.is_draft:
            return "draft"
        if self.route in (Route.CARRIED, Route.NOTHING):
            return self.route
        if self.owed_on is None:
            return "awaits_invoice"
        if self.paid_on is not None:
            return "paid"
        return "to_pay" if self.payout_id is None else "ordered"


class StatementLine(TenantModel):
    """One line: what a term makes of the facts of the period. ``carries`` is the earlier
    statement that it takes over; ``manual_item`` bills the host for what it owes."""

    placing = Placing("statement_id", "billing.Statement")

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=16, choices=LINE_KINDS)
    direction = models.CharField(_("who pays"), max_length=12, choices=Direction.choices)
    is_late = models.BooleanField(_("of earlier periods"), default=False)
    term = models.ForeignKey(
        HostTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    carries = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.CharField(_("text"), max_length=120, blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    unit = models.CharField(_("unit"), max_length=8, blank=True)
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=6)
    amount = amount_field(_("amount"))
    tax_percent = models.DecimalField(_("VAT (%)"), max_digits=5, decimal_places=2)
    fee_account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    manual_item = models.OneToOneField(
        ManualItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statement_line",
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["statement_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="statement_line_once"),
            models.CheckConstraint(
                condition=models.Q(kind=CARRIED, carries__isnull=False, term__isnull=True)
                | (~models.Q(kind=CARRIED) & models.Q(carries__isnull=True, term__isnull=False)),
                name="statement_line_source",
            ),
        ]
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of statements")

    def __str__(self) -> str:
        return self.text or self.get_kind_display()


class StatementItem(TenantModel):
    """One fact that a statement counts, under a ``key`` that no other has: a session, what
    changed of one since it was counted, what a credit note took back of its revenue, or a month's
    cost of energy (or what changed of it)."""

    placing = Placing("statement_id", "billing.Statement")

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(_("key"), max_length=64)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="statement_items"
    )
    rated_session = models.ForeignKey(
        RatedSession, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    credit_note = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="statement_items"
    )
    counted_on = models.DateField(_("day"))
    is_late = models.BooleanField(_("of earlier periods"), default=False)
    energy_wh = models.DecimalField(_("energy (Wh)"), max_digits=16, decimal_places=4, default=0)
    sessions = models.SmallIntegerField(_("sessions"), default=0)
    energy_net = amount_field(_("net revenue of energy"), default=0)
    net = amount_field(_("net revenue"), default=0)
    cost = amount_field(_("cost of energy"), default=0)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["statement_id", "counted_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "key"], name="statement_item_once"),
            models.CheckConstraint(
                condition=models.Q(session__isnull=False, rated_session__isnull=False, cost=0)
                | models.Q(session__isnull=True, sessions=0, net=0, energy_net=0, energy_wh=0),
                name="statement_item_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(credit_note__isnull=True)
                | models.Q(session__isnull=False, sessions=0, energy_wh=0),
                name="statement_item_credit",
            ),
        ]
        verbose_name = _("item of a statement")
        verbose_name_plural = _("items of statements")

    def __str__(self) -> str:
        return self.key
