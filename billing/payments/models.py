"""Payments, what they settle, what goes back, and what is owed beside invoices."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.bank_models import BankTransaction
from billing.sellers.models import Seller
from core.tenancy.models import TenantModel


def amount_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """A sum of money as all rooms of payments keep it."""
    return models.DecimalField(label, max_digits=16, decimal_places=4, **options)


class PaymentSource(models.TextChoices):
    """How the money came."""

    BANK = "bank", _("Bank")
    SWISH = "swish", _("Swish")
    CARD = "card", _("Card")
    MANUAL = "manual", _("By hand")
    SET_OFF = "set_off", _("Set off against a payout")


class Payment(TenantModel):
    """Money that came in, or (an amount below zero, ``reverses`` set) the same money going back
    whole: taken back by the bank, or booked wrongly. ``account`` is empty while nobody knows
    whose it is; it is set once. What no invoice, claim or refund takes is the customer's credit.

    Only ``account``, ``identified_on`` and ``reversed_by`` ever change, each once (trigger).
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(
        Seller, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    booked_on = models.DateField(_("booked"))
    identified_on = models.DateField(_("identified"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=PaymentSource.choices)
    transaction = models.ForeignKey(
        BankTransaction, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reversed_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reference = models.CharField(_("reference"), max_length=140, blank=True)
    payer_name = models.CharField(_("payer"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    user_label = models.CharField(_("booked by"), max_length=200)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-booked_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, reverses__isnull=True)
                | models.Q(amount__lt=0, reverses__isnull=False),
                name="payment_sign",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="payment_currency"
            ),
            models.CheckConstraint(
                condition=models.Q(account__isnull=True, identified_on__isnull=True)
                | models.Q(account__isnull=False, identified_on__isnull=False),
                name="payment_identified",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-booked_on"], name="payment_day_idx"),
        ]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")

    def __str__(self) -> str:
        return self.public_id

    @property
    def shown_state(self) -> str:
        """``reversal``, ``reversed``, ``unidentified`` or ``booked``."""
        if self.reverses_id is not None:
            return "reversal"
        if self.reversed_by_id is not None:
            return "reversed"
        return "unidentified" if self.account_id is None else "booked"


class ClaimKind(models.TextChoices):
    """What is owed beside the invoice."""

    FEE = "fee", _("Reminder fee")
    COMPENSATION = "compensation", _("Late payment compensation")
    INTEREST = "interest", _("Late interest")


class Claim(TenantModel):
    """What an account owes beside its invoices because it paid one late: without VAT. Only
    ``paid_amount`` and ``waived_amount`` change."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="claims")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(_("kind"), max_length=12, choices=ClaimKind.choices)
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    made_on = models.DateField(_("made"))
    paid_amount = amount_field(_("paid"), default=0)
    waived_amount = amount_field(_("waived"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["made_on", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="claim_amount"),
            models.CheckConstraint(
                condition=models.Q(
                    paid_amount__gte=0,
                    waived_amount__gte=0,
                    amount__gte=models.F("paid_amount") + models.F("waived_amount"),
                ),
                name="claim_within_amount",
            ),
        ]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.currency}"

    @property
    def open_amount(self) -> Any:
        """What is still owed of it."""
        return self.amount - self.paid_amount - self.waived_amount


class PaymentAllocation(TenantModel):
    """A part of a payment, or of a credit note that the customer had not used, that settles an
    invoice or a claim. Rows never change; ``reverses`` takes one back (an amount below zero).
    Never beyond what it comes from, nor beyond what is owed (trigger)."""

    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    credit_note = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="credit_used"
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    amount = amount_field(_("amount"))
    made_on = models.DateField(_("made"))
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    is_from_credit = models.BooleanField(_("from earlier credit"), default=False)
    user_label = models.CharField(_("by"), max_length=200)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(invoice__isnull=False, claim__isnull=True)
                | models.Q(invoice__isnull=True, claim__isnull=False),
                name="payment_allocation_one_target",
            ),
            models.CheckConstraint(
                condition=models.Q(payment__isnull=False, credit_note__isnull=True)
                | models.Q(payment__isnull=True, credit_note__isnull=False),
                name="payment_allocation_one_source",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, reverses__isnull=True)
                | models.Q(amount__lt=0, reverses__isnull=False),
                name="payment_allocation_sign",
            ),
        ]
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")

    def __str__(self) -> str:
        return f"{self.payment_id or self.credit_note_id}: {self.amount}"


class PayoutFile(TenantModel):
    """An order to the bank (pain.001) with what goes back to customers; kept as it was made
    (append-only)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="payout_files")
    content = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)
    refund_count = models.PositiveIntegerField(_("refunds"))
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    user_label = models.CharField(_("made by"), max_length=200)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        verbose_name = _("payout file")
        verbose_name_plural = _("payout files")

    def __str__(self) -> str:
        return self.public_id

    @property
    def file_name(self) -> str:
        """What the file is called where it is downloaded."""
        return f"pain001-{self.created_at:%Y-%m-%d}-{self.public_id}.xml"


class RefundState(models.TextChoices):
    """Where a refund is."""

    PLANNED = "planned", _("To be paid out")
    ORDERED = "ordered", _("Ordered at the bank")
    DONE = "done", _("Paid out")
    CANCELLED = "cancelled", _("Cancelled")


class Refund(TenantModel):
    """A customer's credit, from one payment or one credit note, that goes back: to an IBAN or a
    bankgiro by a payout file, or by hand. What is not cancelled is no longer credit. Only its
    state, its file and the day of payment change (trigger)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    credit_note = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="refunds")
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    name = models.CharField(_("payee"), max_length=140)
    iban = models.CharField("IBAN", max_length=42, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    bankgiro = models.CharField(_("bankgiro"), max_length=16, blank=True)
    reference = models.CharField(_("text to the payee"), max_length=140, blank=True)
    reason = models.CharField(_("why"), max_length=500)
    state = models.CharField(
        _("state"), max_length=10, choices=RefundState.choices, default=RefundState.PLANNED
    )
    pay_on = models.DateField(_("pay on"))
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    payout_file = models.ForeignKey(
        PayoutFile, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    user_label = models.CharField(_("decided by"), max_length=200)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="refund_reason"),
            models.CheckConstraint(
                condition=models.Q(payment__isnull=False, credit_note__isnull=True)
                | models.Q(payment__isnull=True, credit_note__isnull=False),
                name="refund_one_source",
            ),
            models.CheckConstraint(
                condition=models.Q(iban="") | models.Q(bankgiro=""), name="refund_one_target"
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", paid_on__isnull=False)
                | (~models.Q(state="done") & models.Q(paid_on__isnull=True)),
                name="refund_paid_on",
            ),
        ]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")

    def __str__(self) -> str:
        return self.public_id
