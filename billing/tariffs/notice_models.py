"""Notices of prices to customers, and the proof that each was sent."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from billing.tariffs.models import Tariff, TariffVersion
from billing.tariffs.notice import MOST_DAYS, USUAL_DAYS
from core.tenancy.models import TenantModel


class NoticeRules(TenantModel):
    """How long before a new price an operator tells its customers. 0: it does not tell them."""

    notice_days = models.PositiveSmallIntegerField(
        _("days before a new price"),
        default=USUAL_DAYS,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text=_("Customers concerned are told so long before. 0: they are not told."),
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id"]
        constraints = [
            models.UniqueConstraint(fields=["operator"], name="notice_rules_once"),
            models.CheckConstraint(
                condition=models.Q(notice_days__lte=MOST_DAYS), name="notice_rules_days"
            ),
        ]
        verbose_name = _("rules of price notices")
        verbose_name_plural = _("rules of price notices")

    def __str__(self) -> str:
        return str(self.operator_id)


class NoticeState(models.TextChoices):
    """Where a notice is."""

    SCHEDULED = "scheduled", _("Scheduled")
    SENDING = "sending", _("Being sent")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class PriceNotice(TenantModel):
    """A price that customers are told of: a version of a tariff, or a tariff that was assigned.

    ``assignments`` are public ids of those that the notice is about; empty: all of the tariff.
    ``is_short``: the start was nearer than ``notice_days`` when somebody decided so, for the
    reason that is kept. Who is concerned is found when it is sent. ``takes_back``: the notice of a
    version that was withdrawn after customers had been told; this one tells those that it does
    not come.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="notices")
    version = models.ForeignKey(
        TariffVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back_by"
    )
    assignments = models.JSONField(_("assignments"), default=list, blank=True)
    takes_effect_at = models.DateTimeField(_("takes effect"))
    notice_days = models.PositiveSmallIntegerField(_("days before"))
    send_at = models.DateTimeField(_("sent from"))
    is_short = models.BooleanField(_("shorter than the rule"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=NoticeState.choices, default=NoticeState.SCHEDULED
    )
    reason = models.CharField(_("why"), max_length=500, blank=True)
    created_by = models.CharField(_("by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-takes_effect_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_short=False) | ~models.Q(reason=""),
                name="price_notice_short_has_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_at"],
                condition=models.Q(state__in=["scheduled", "sending"]),
                name="price_notice_due_idx",
            ),
        ]
        verbose_name = _("price notice")
        verbose_name_plural = _("price notices")

    def __str__(self) -> str:
        return self.public_id


class DeliveryState(models.TextChoices):
    """What became of one letter."""

    QUEUED = "queued", _("Waits")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    NO_ADDRESS = "no_address", _("No address")
    CANCELLED = "cancelled", _("Cancelled")


class NoticeDelivery(TenantModel):
    """One notice to one address of one account: the proof of what was sent, when and where to.

    A row that says ``sent`` is never changed, and none is ever deleted (trigger).
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    notice = models.ForeignKey(PriceNotice, on_delete=models.PROTECT, related_name="deliveries")
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="+")
    account_name = models.CharField(_("account"), max_length=120)
    address = models.CharField(_("address"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    sender = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("text"), blank=True)
    message_id = models.CharField(_("message id"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=500, blank=True)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["account_name", "address", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "account", "address"], name="notice_delivery_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent")
                | models.Q(sent_at__isnull=False) & ~models.Q(body="") & ~models.Q(address=""),
                name="notice_delivery_proof",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="no_address") | models.Q(address=""),
                name="notice_delivery_no_address",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="queued"),
                name="notice_delivery_due_idx",
            ),
        ]
        verbose_name = _("sent price notice")
        verbose_name_plural = _("sent price notices")

    def __str__(self) -> str:
        return self.public_id
