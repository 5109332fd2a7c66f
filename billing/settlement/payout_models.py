"""What is paid out to hosts: batches, and one payment per host in each."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.payments.bank_models import BankTransaction
from billing.payments.models import Payment, amount_field
from billing.sellers.models import Seller
from core.tenancy.models import TenantModel


class BatchState(models.TextChoices):
    """Where a batch is."""

    PROPOSED = "proposed", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    ORDERED = "ordered", _("Ordered at the bank")
    DONE = "done", _("Paid out")
    CANCELLED = "cancelled", _("Cancelled")


class PayoutBatch(TenantModel):
    """Payments to hosts from one seller in one currency, approved together and ordered with one
    file (pain.001), which is kept as it was made. ``set_off_amount``: what hosts owe that is set
    off, beside ``amount``, which goes out. ``needs_second``: another person approves it than the
    one who proposed it. Only what comes later changes, each once (trigger)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="payout_batches")
    state = models.CharField(
        _("state"), max_length=10, choices=BatchState.choices, default=BatchState.PROPOSED
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount = amount_field(_("amount"))
    set_off_amount = amount_field(_("set off"), default=0)
    payout_count = models.PositiveIntegerField(_("payments"))
    pay_on = models.DateField(_("pay on"))
    needs_second = models.BooleanField(_("needs a second person"), default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_label = models.CharField(_("proposed by"), max_length=200)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_label = models.CharField(_("approved by"), max_length=200, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    content = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    ordered_at = models.DateTimeField(_("file made"), null=True, blank=True)
    created_at = models.DateTimeField(_("proposed"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, set_off_amount__gte=0)
                & (models.Q(amount__gt=0) | models.Q(set_off_amount__gt=0)),
                name="payout_batch_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("proposed", "cancelled"))
                | models.Q(approved_at__isnull=False),
                name="payout_batch_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(needs_second=False)
                | models.Q(approved_at__isnull=True)
                | (
                    models.Q(approved_by__isnull=False, proposed_by__isnull=False)
                    & ~models.Q(approved_by=models.F("proposed_by"))
                ),
                name="payout_batch_four_eyes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ordered")
                | (
                    models.Q(content__isnull=False, ordered_at__isnull=False) & ~models.Q(sha256="")
                ),
                name="payout_batch_ordered",
            ),
        ]
        verbose_name = _("payout batch")
        verbose_name_plural = _("payout batches")

    def __str__(self) -> str:
        return self.public_id

    @property
    def file_name(self) -> str:
        """What the file for the bank is called."""
        return f"pain001-{self.public_id}.xml"


class PayoutState(models.TextChoices):
    """Where a payment to a host is."""

    PLANNED = "planned", _("To be paid out")
    DONE = "done", _("Paid out")
    CANCELLED = "cancelled", _("Cancelled")


class HostPayout(TenantModel):
    """A payment of statements to one host: ``amount`` goes out, ``set_off_amount`` was set off
    against what the host owes; together they are what its statements say. A statement has one
    payment at a time, and never another once it was paid; only state, day and bank transaction
    change (triggers)."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="payouts")
    host = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="host_payouts")
    state = models.CharField(
        _("state"), max_length=10, choices=PayoutState.choices, default=PayoutState.PLANNED
    )
    amount = amount_field(_("amount"))
    set_off_amount = amount_field(_("set off"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    name = models.CharField(_("payee"), max_length=140)
    iban = models.CharField("IBAN", max_length=42, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    bankgiro = models.CharField(_("bankgiro"), max_length=16, blank=True)
    reference = models.CharField(_("text to the payee"), max_length=140, blank=True)
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    transaction = models.OneToOneField(
        BankTransaction, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "host"], name="host_payout_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, set_off_amount__gte=0)
                & (models.Q(amount__gt=0) | models.Q(set_off_amount__gt=0)),
                name="host_payout_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", paid_on__isnull=False)
                | (~models.Q(state="done") & models.Q(paid_on__isnull=True)),
                name="host_payout_paid_on",
            ),
        ]
        verbose_name = _("payment to a host")
        verbose_name_plural = _("payments to hosts")

    def __str__(self) -> str:
        return self.public_id

    @property
    def owed_amount(self) -> Any:
        """What its statements say: paid out and set off together."""
        return self.amount + self.set_off_amount


class HostSetOff(TenantModel):
    """A part of a host's fee invoice that is set off against a payment to it. ``payment`` is what
    settles the invoice, made when the batch is approved and taken back when it is called off;
    nothing else changes (trigger)."""

    payout = models.ForeignKey(HostPayout, on_delete=models.PROTECT, related_name="set_offs")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="host_set_offs")
    amount = amount_field(_("amount"))
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="host_set_off"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["payout_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["payout", "invoice"], name="host_set_off_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="host_set_off_amount"),
        ]
        verbose_name = _("set-off")
        verbose_name_plural = _("set-offs")

    def __str__(self) -> str:
        return f"{self.invoice}: {self.amount}"
