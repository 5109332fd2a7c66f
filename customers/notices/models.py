"""Mails to payers, each told once."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.accounts.models import BillingAccount
from core.tenancy.models import TenantModel

NOTHING_TO_TELL: Final = "nothing to tell"


class NoticeKind(models.TextChoices):
    """What a payer is told of."""

    PAYMENT_FAILED = "payment_failed", _("Automatic payment failed")
    CARD_EXPIRES = "card_expires", _("Saved card expires")
    INVOICE_ISSUED = "invoice_issued", _("Invoice issued")


class NoticeState(models.TextChoices):
    """Where a mail stands; it follows from its columns."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    GIVEN_UP = "given_up", _("Given up")


class PayerNotice(TenantModel):
    """One mail to one address about one thing: written down before it is sent, so that nobody is
    told twice (constraint). ``ref``: the public id of the attempt to pay, of the card with the
    month in which it ends, or of the invoice. It is the proof of when it was sent."""

    kind = models.CharField(_("kind"), max_length=14, choices=NoticeKind.choices)
    ref = models.CharField(_("about"), max_length=40)
    account = models.ForeignKey(
        BillingAccount, on_delete=models.CASCADE, related_name="payer_notices"
    )
    address = models.EmailField(_("e-mail"), max_length=254)
    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "kind", "ref", "address"], name="payer_notice_once"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(next_at__isnull=True),
                name="payer_notice_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="payer_notice_due_idx",
            ),
        ]
        verbose_name = _("notice to a payer")
        verbose_name_plural = _("notices to payers")

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"

    @property
    def why_not(self) -> str:
        """Why it is not sent, as the mail server said it; in words where there was nothing left to
        tell."""
        if self.error == NOTHING_TO_TELL:
            return str(_("There was nothing left to tell."))
        return self.error
