"""Notifications, their deliveries, and who wants what."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.permissions import Role
from core.tenancy.models import TenantModel


class Notification(TenantModel):
    """One thing that one person is told. ``key`` names what happened within its event, so that
    nobody is told the same twice, however often the search for it runs."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    event = models.CharField(_("event"), max_length=40)
    key = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    is_on_page = models.BooleanField(default=True)
    happened_at = models.DateTimeField(_("time"))
    created_at = models.DateTimeField(_("found"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "user", "event", "key"], name="notification_once"
            )
        ]
        indexes = [
            models.Index(fields=["user", "operator", "-created_at"], name="notification_own_idx"),
            models.Index(
                fields=["user", "operator"],
                condition=models.Q(read_at=None, is_on_page=True),
                name="notification_unread_idx",
            ),
        ]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")

    def __str__(self) -> str:
        return f"{self.event} {self.key}"


class DeliveryState(models.TextChoices):
    """What became of a message."""

    PENDING = "pending", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("No longer wanted")


class NotificationDelivery(TenantModel):
    """A notification on its way, by one way, at most once. While ``due_at`` lies ahead nobody
    touches it: it is quiet, it waits for a digest, for another try, or somebody sends it now."""

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="deliveries"
    )
    way = models.CharField(_("way"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["notification", "way"], name="delivery_once_a_way")
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state="pending"), name="delivery_due_idx"
            )
        ]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.notification_id} {self.way}"


class NotificationChoice(TenantModel):
    """Whether a person, or all with a role, want to hear of an event by a way. What nobody
    chose follows from the event itself."""

    user = models.ForeignKey(
        "core.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    event = models.CharField(_("event"), max_length=40)
    way = models.CharField(_("way"), max_length=20)
    is_chosen = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["event", "way", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(role=""),
                name="notification_choice_person_or_role",
            ),
            models.UniqueConstraint(
                fields=["operator", "user", "role", "event", "way"],
                nulls_distinct=False,
                name="notification_choice_once",
            ),
        ]
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")

    def __str__(self) -> str:
        return f"{self.event} {self.way}"


class NotificationSettings(TenantModel):
    """When and where a person may be written to: quiet hours and a daily digest, in the person's
    zone; the address of those who want to hear by webhook, with the sealed key that signs."""

    user = models.ForeignKey("core.User", on_delete=models.CASCADE, related_name="+")
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet to"), null=True, blank=True)
    is_digest = models.BooleanField(_("one mail a day"), default=False)
    digest_time = models.TimeField(_("time of the daily mail"), default=time(7))
    webhook_url = models.CharField(_("address for webhooks"), max_length=500, blank=True)
    sealed_webhook_secret = models.BinaryField(default=bytes, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["user_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "user"], name="notification_settings_once"),
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notification_quiet_both_or_none",
            ),
        ]
        verbose_name = _("times of notifications")
        verbose_name_plural = _("times of notifications")

    def __str__(self) -> str:
        return f"{self.user_id}"


class NotificationWatch(TenantModel):
    """How far an event has been looked for, and how long its cause must last. The row is the
    lock of the search."""

    event = models.CharField(_("event"), max_length=40)
    cursor_at = models.DateTimeField()
    delay_minutes = models.PositiveIntegerField(_("minutes"), default=0)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["event", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "event"], name="notification_watch_once")
        ]
        verbose_name = _("watch of an event")
        verbose_name_plural = _("watches of events")

    def __str__(self) -> str:
        return self.event
