"""What a provider told us by webhook, and what it paid out."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.payments.bank_models import BankTransaction
from billing.payments.cards.account_models import ProviderAccount
from billing.payments.cards.models import CardPayment
from billing.payments.models import amount_field
from core.tenancy.models import TenantModel


class EventState(models.TextChoices):
    """What became of an event."""

    NEW = "new", _("New")
    APPLIED = "applied", _("Applied")
    IGNORED = "ignored", _("Not about us")
    FAILED = "failed", _("Failed")


class ProviderEvent(TenantModel):
    """A webhook as it came, its signature checked. It is kept once, however often it is sent;
    what it is about is asked at the provider when it is applied. The raw copy never changes."""

    card_account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, related_name="events"
    )
    ref = models.CharField(_("id at the provider"), max_length=100)
    kind = models.CharField(_("kind"), max_length=80)
    about = models.CharField(_("about"), max_length=10)
    object_ref = models.CharField(_("object"), max_length=120, blank=True)
    raw = models.TextField(_("as it came"))
    made_at = models.DateTimeField(_("made"))
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    times = models.PositiveIntegerField(_("times received"), default=1)
    state = models.CharField(
        _("state"), max_length=8, choices=EventState.choices, default=EventState.NEW
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("tried next"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["card_account", "ref"], name="provider_event_once"),
        ]
        indexes = [
            models.Index(fields=["operator", "-received_at"], name="provider_event_day_idx"),
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(next_try_at__isnull=False),
                name="provider_event_due_idx",
            ),
        ]
        verbose_name = _("provider's event")
        verbose_name_plural = _("provider's events")

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class CardPayoutState(models.TextChoices):
    """Where a payout is."""

    PENDING = "pending", _("On its way")
    PAID = "paid", _("Sent to the bank")
    FAILED = "failed", _("Failed")


class CardPayout(TenantModel):
    """Money that a provider sends to the seller's bank: what it collected, less refunds, disputes
    and its fees. ``gross`` less ``fee`` is ``amount``; the parts add up to it."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    card_account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, related_name="payouts"
    )
    ref = models.CharField(_("id at the provider"), max_length=100)
    state = models.CharField(_("state"), max_length=8, choices=CardPayoutState.choices)
    amount = amount_field(_("amount"))
    gross = amount_field(_("before fees"))
    fee = amount_field(_("fees"))
    currency = models.CharField(_("currency"), max_length=3)
    arrives_on = models.DateField(_("at the bank"))
    message = models.CharField(_("the provider's words"), max_length=300, blank=True)
    bank_transaction = models.OneToOneField(
        BankTransaction, on_delete=models.PROTECT, null=True, blank=True,
        related_name="card_payout",
    )  # fmt: skip
    matched_at = models.DateTimeField(_("seen at the bank"), null=True, blank=True)
    created_at = models.DateTimeField(_("read"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-arrives_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["card_account", "ref"], name="card_payout_once"),
            models.CheckConstraint(
                condition=models.Q(amount=models.F("gross") - models.F("fee")),
                name="card_payout_sum",
            ),
        ]
        verbose_name = _("payout of a provider")
        verbose_name_plural = _("payouts of providers")

    def __str__(self) -> str:
        return self.public_id


class PartKind(models.TextChoices):
    """What a part of a payout is."""

    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    DISPUTE = "dispute", _("Dispute")
    FEE = "fee", _("Fee")
    OTHER = "other", _("Other")


class CardPayoutPart(TenantModel):
    """One movement in a payout (append-only)."""

    payout = models.ForeignKey(CardPayout, on_delete=models.PROTECT, related_name="parts")
    ref = models.CharField(_("id at the provider"), max_length=100)
    kind = models.CharField(_("kind"), max_length=8, choices=PartKind.choices)
    amount = amount_field(_("amount"))
    fee = amount_field(_("fee"))
    net = amount_field(_("net"))
    card_payment = models.ForeignKey(
        CardPayment, on_delete=models.PROTECT, null=True, blank=True, related_name="payout_parts"
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["payout", "ref"], name="card_payout_part_once"),
            models.CheckConstraint(
                condition=models.Q(net=models.F("amount") - models.F("fee")),
                name="card_payout_part_sum",
            ),
        ]
        verbose_name = _("part of a payout")
        verbose_name_plural = _("parts of payouts")

    def __str__(self) -> str:
        return f"{self.kind} {self.net}"
