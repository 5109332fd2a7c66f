"""Letters that went out by mail, and what the mail provider told about them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel


class LetterState(models.TextChoices):
    """What became of a letter."""

    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Arrived")
    BOUNCED = "bounced", _("Came back")


class Letter(TenantModel):
    """One mail to one address about something of ours: ``kind`` names what, ``ref`` is its public
    id. Rows stay; only what became of the mail changes (trigger)."""

    kind = models.CharField(_("kind"), max_length=24)
    ref = models.CharField(_("about"), max_length=24)
    address = models.CharField(_("address"), max_length=254)
    message_id = models.CharField(_("message id"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=LetterState.choices, default=LetterState.SENT
    )
    error = models.CharField(_("error"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    told_at = models.DateTimeField(_("arrived or came back"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="sent", told_at__isnull=True)
                | (~models.Q(state="sent") & models.Q(told_at__isnull=False)),
                name="letter_told",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="bounced") | ~models.Q(error=""), name="letter_error"
            ),
        ]
        indexes = [
            models.Index(fields=["message_id"], name="letter_message_idx"),
            models.Index(fields=["operator", "kind", "ref"], name="letter_about_idx"),
            models.Index(
                fields=["operator", "kind", "told_at"],
                condition=models.Q(state="bounced"),
                name="letter_bounced_idx",
            ),
        ]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class LetterEvent(TenantModel):
    """What the mail provider told about a letter, as it came, each once (append-only)."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="events")
    key = models.CharField(_("id at the provider"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=30)
    happened_at = models.DateTimeField(_("happened"))
    raw = models.JSONField(_("as it came"))
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-happened_at", "-id"]
        verbose_name = _("event of a letter")
        verbose_name_plural = _("events of letters")

    def __str__(self) -> str:
        return f"{self.letter_id} {self.kind}"
