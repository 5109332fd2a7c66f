"""Payments by card: what is collected, held, given back and disputed."""

from __future__ import annotations

from typing import Any, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.accounts.models import BillingAccount
from billing.invoices.models import Invoice
from billing.payments.cards.account_models import (
    PaymentMethod,
    ProviderAccount,
    ProviderCustomer,
)
from billing.payments.cards.states import LIVE
from billing.payments.cards.words import failure_words
from billing.payments.models import Payment, Refund, amount_field
from core.tenancy.models import TenantModel

LIVE_STATES: Final = tuple(one.value for one in LIVE)


class CardState(models.TextChoices):
    """Where a card payment is; states.py says how it may move on."""

    NEW = "new", _("Being sent")
    UNKNOWN = "unknown", _("Outcome not known yet")
    WAITING = "waiting", _("Waits for the customer")
    PROCESSING = "processing", _("On its way")
    HELD = "held", pgettext_lazy("money", "Held")
    CAPTURING = "capturing", _("Being collected")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Purpose(models.TextChoices):
    """What is collected for."""

    INVOICES = "invoices", _("Invoices")
    HOLD = "hold", _("Hold for a guest")
    PREPAID = "prepaid", _("Paid ahead by a guest")


class CardPayment(TenantModel):
    """One attempt to collect money by a provider. The row is committed before the provider is
    called, and ``public_id`` is the idempotency key: whatever happens to the process, one row
    collects once. What is asked for never changes (trigger); ``payment`` is where it is booked."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    card_account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, related_name="card_payments"
    )
    account = models.ForeignKey(
        BillingAccount, on_delete=models.PROTECT, null=True, blank=True,
        related_name="card_payments",
    )  # fmt: skip
    customer = models.ForeignKey(
        ProviderCustomer, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    method = models.ForeignKey(
        PaymentMethod, on_delete=models.PROTECT, null=True, blank=True,
        related_name="card_payments",
    )  # fmt: skip
    purpose = models.CharField(_("for"), max_length=8, choices=Purpose.choices)
    is_automatic = models.BooleanField(_("automatic"), default=False)
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    description = models.CharField(_("text"), max_length=200)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    terminal = models.CharField(_("terminal"), max_length=40, blank=True, default="", db_default="")
    return_url = models.CharField(max_length=500, blank=True)
    cancel_url = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10, default="sv")
    email = models.CharField(max_length=254, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CardState.choices, default=CardState.NEW
    )
    captured_amount = amount_field(_("collected"), default=0)
    wanted_amount = amount_field(_("to be collected"), null=True, blank=True)
    ref = models.CharField(_("id at the provider"), max_length=100, blank=True)
    page_ref = models.CharField(_("page at the provider"), max_length=120, blank=True)
    charge_ref = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    card_label = models.CharField(_("card"), max_length=60, blank=True)
    failure_code = models.CharField(_("code"), max_length=60, blank=True)
    decline_code = models.CharField(_("the bank's code"), max_length=60, blank=True)
    failure_message = models.CharField(_("the provider's words"), max_length=500, blank=True)
    terminal_receipt = models.TextField(
        _("receipt of the terminal"), blank=True, default="", db_default=""
    )
    capture_before_at = models.DateTimeField(_("collect before"), null=True, blank=True)
    retry_at = models.DateTimeField(_("tried again"), null=True, blank=True)
    checked_at = models.DateTimeField(_("asked last"), null=True, blank=True)
    next_check_at = models.DateTimeField(_("asked next"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="card_payment"
    )
    user_label = models.CharField(_("started by"), max_length=200)
    created_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="card_payment_amount"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="card_payment_currency"
            ),
            models.CheckConstraint(
                condition=models.Q(captured_amount__gte=0, captured_amount__lte=models.F("amount")),
                name="card_payment_captured",
            ),
            models.CheckConstraint(
                condition=models.Q(wanted_amount__isnull=True)
                | models.Q(wanted_amount__gt=0, wanted_amount__lte=models.F("amount")),
                name="card_payment_wanted",
            ),
            models.CheckConstraint(
                condition=models.Q(state="paid", captured_amount__gt=0, payment__isnull=False)
                | (~models.Q(state="paid") & models.Q(payment__isnull=True)),
                name="card_payment_booked",
            ),
            models.UniqueConstraint(
                fields=["card_account", "ref"],
                condition=~models.Q(ref=""),
                name="card_payment_ref",
            ),
            models.UniqueConstraint(
                fields=["operator", "reference"],
                condition=~models.Q(reference="") & models.Q(state__in=LIVE_STATES),
                name="card_payment_one_hold",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-created_at"], name="card_payment_day_idx"),
            models.Index(fields=["page_ref"], name="card_payment_page_idx"),
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(next_check_at__isnull=False),
                name="card_payment_check_idx",
            ),
        ]
        verbose_name = _("card payment")
        verbose_name_plural = _("card payments")

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_live(self) -> bool:
        """Whether money may still move."""
        return self.state in LIVE_STATES

    @property
    def failure_text(self) -> str:
        """Why it failed, or was called off; empty otherwise."""
        return failure_words(self.failure_code, self.decline_code)


class CardPaymentPart(TenantModel):
    """An invoice that a card payment pays, and how much of it. An invoice is in one live payment
    at most, so nothing is collected twice (constraint)."""

    card_payment = models.ForeignKey(CardPayment, on_delete=models.PROTECT, related_name="parts")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="card_parts")
    amount = amount_field(_("amount"))
    is_live = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="card_part_amount"),
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(is_live=True), name="card_part_one_live"
            ),
            models.UniqueConstraint(
                fields=["card_payment", "invoice"], name="card_part_invoice_once"
            ),
        ]
        verbose_name = _("part of a card payment")
        verbose_name_plural = _("parts of card payments")

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.amount}"


class CardRefundState(models.TextChoices):
    """Where money is that goes back to a card."""

    NEW = "new", _("Being sent")
    UNKNOWN = "unknown", _("Outcome not known yet")
    PROCESSING = "processing", _("On its way")
    DONE = "done", _("Given back")
    FAILED = "failed", _("Failed")


class CardRefund(TenantModel):
    """A refund that goes back to the card it came from. Never more than was collected, whatever
    the refunds before it (trigger)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    card_payment = models.ForeignKey(
        CardPayment, on_delete=models.PROTECT, related_name="card_refunds"
    )
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="card_refund")
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(
        _("state"), max_length=10, choices=CardRefundState.choices, default=CardRefundState.NEW
    )
    ref = models.CharField(_("id at the provider"), max_length=100, blank=True)
    message = models.CharField(_("the provider's words"), max_length=500, blank=True)
    next_check_at = models.DateTimeField(_("asked next"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    created_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="card_refund_amount"),
            models.UniqueConstraint(
                fields=["card_payment", "ref"],
                condition=~models.Q(ref=""),
                name="card_refund_ref",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(next_check_at__isnull=False),
                name="card_refund_check_idx",
            ),
        ]
        verbose_name = _("refund to a card")
        verbose_name_plural = _("refunds to cards")

    def __str__(self) -> str:
        return self.public_id


class DisputeState(models.TextChoices):
    """Where a dispute is."""

    NEEDS_RESPONSE = "needs_response", _("Waits for our answer")
    UNDER_REVIEW = "under_review", _("At the bank")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class CardDispute(TenantModel):
    """A customer's bank wants money back. Lost: the payment is taken back and what it settled is
    open again (``reversal``). Amounts never change (trigger)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    card_account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, related_name="disputes"
    )
    card_payment = models.ForeignKey(
        CardPayment, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    ref = models.CharField(_("id at the provider"), max_length=100)
    amount = amount_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("the bank's reason"), max_length=60)
    state = models.CharField(_("state"), max_length=16, choices=DisputeState.choices)
    respond_by_at = models.DateTimeField(_("answer before"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reversal = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["card_account", "ref"], name="card_dispute_ref"),
        ]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")

    def __str__(self) -> str:
        return self.public_id


def change(row: Any, **values: Any) -> None:
    """Write columns of a row that the caller holds locked."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
