"""Schedules, who gets their files, and what was sent."""

from __future__ import annotations

import zoneinfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Membership
from core.schedules import due
from core.tenancy.models import TenantModel


class Frequency(models.TextChoices):
    """How often."""

    DAILY = due.DAILY, _("Every day")
    WEEKLY = due.WEEKLY, _("Every week")
    MONTHLY = due.MONTHLY, _("Every month")


class Weekday(models.IntegerChoices):
    """Monday first, as ISO 8601 counts (from 0)."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Extension(models.TextChoices):
    """Format of the file."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    PDF = "pdf", "PDF"
    ZIP = "zip", "ZIP"


class ScheduleState(models.TextChoices):
    """Whether a schedule runs."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")


class Schedule(TenantModel):
    """One list or report that is sent by e-mail, as ``owner`` may see it at that time.

    ``stopped_reason`` says why the portal stopped it: the owner lost the right, or what it
    sends has changed so that its filter no longer holds.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=100)
    owner = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=20)
    item = models.CharField(_("what"), max_length=60)
    query = models.TextField(blank=True)
    extension = models.CharField(
        _("format"), max_length=5, choices=Extension.choices, default=Extension.XLSX
    )
    frequency = models.CharField(
        _("how often"), max_length=10, choices=Frequency.choices, default=Frequency.WEEKLY
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=Weekday.choices, default=Weekday.MONDAY
    )
    month_day = models.PositiveSmallIntegerField(_("day of the month"), default=1)
    hour = models.PositiveSmallIntegerField(_("hour"), default=7)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Stockholm")
    sends_empty = models.BooleanField(_("also when there are no rows"), default=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ScheduleState.choices, default=ScheduleState.ACTIVE
    )
    stopped_reason = models.TextField(blank=True)
    next_due_at = models.DateTimeField(_("next"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        indexes = [
            models.Index(
                fields=["next_due_at"],
                condition=models.Q(state="active"),
                name="schedule_due_idx",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="schedule_hour_range"),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="schedule_weekday_range"
            ),
            models.CheckConstraint(
                condition=models.Q(month_day__gte=1, month_day__lte=31),
                name="schedule_month_day_range",
            ),
        ]
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm(self) -> due.Rhythm:
        """When it is due."""
        zone = zoneinfo.ZoneInfo(self.time_zone)
        return due.Rhythm(self.frequency, self.hour, zone, self.weekday, self.month_day)


class ScheduleRecipient(TenantModel):
    """A member who gets the files of a schedule."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="recipients")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["schedule_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "membership"], name="schedule_recipient_once"
            )
        ]
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")

    def __str__(self) -> str:
        return f"{self.schedule_id}: {self.membership_id}"


class DeliveryState(models.TextChoices):
    """Life of a delivery."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    SENT = "sent", _("Sent")
    EMPTY = "empty", _("Nothing to send")
    FAILED = "failed", _("Failed")


class Delivery(TenantModel):
    """One due time of a schedule (there is one for each), or one that a person asked for.

    ``sent_to``: addresses that got it, so that a second attempt sends nobody a second copy.
    ``content`` is kept only where the file is too large for an e-mail, for a month.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="deliveries")
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    row_count = models.PositiveIntegerField(_("rows"), null=True, blank=True)
    size_bytes = models.PositiveIntegerField(_("size"), null=True, blank=True)
    sent_to = models.JSONField(_("sent to"), default=list)
    left_out = models.JSONField(default=list)
    error = models.TextField(_("error"), blank=True)
    content = models.BinaryField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-due_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="delivery_due_once")
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="delivery_open_idx",
            )
        ]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return f"{self.schedule_id}: {self.due_at:%Y-%m-%d %H:%M}"
