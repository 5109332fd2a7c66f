"""What people on site leave behind: working time, and the address of their calendar."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.maintenance.models import WorkOrder

_OF_ORDER = Placing("order_id", "stations.WorkOrder")
MOST_MINUTES: Final = 24 * 60


class TimeKind(models.TextChoices):
    """What the time went to."""

    WORK = "work", _("Work")
    TRAVEL = "travel", _("Travel")


class WorkTime(TenantModel):
    """Minutes that somebody spent on an order. ``once`` comes from the form, so that one that is
    sent twice on a bad line counts once."""

    placing = _OF_ORDER

    order = models.ForeignKey(WorkOrder, on_delete=models.CASCADE, related_name="times")
    kind = models.CharField(
        _("kind"), max_length=8, choices=TimeKind.choices, default=TimeKind.WORK
    )
    worked_on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)]
    )
    person = models.ForeignKey(
        "core.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    person_label = models.CharField(_("person"), max_length=200)
    once = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["worked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "once"], condition=~models.Q(once=""), name="work_time_once"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MOST_MINUTES),
                name="work_time_minutes",
            ),
            models.CheckConstraint(
                condition=models.Q(worked_on__gte=date(2000, 1, 1)), name="work_time_day"
            ),
        ]
        verbose_name = _("working time")
        verbose_name_plural = _("working times")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.minutes}"


class CalendarFeed(TenantModel):
    """The address at which a calendar reads a person's orders. Only its digest is kept; a new one
    ends the one before."""

    membership = models.ForeignKey("core.Membership", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=models.Q(revoked_at=None),
                name="calendar_feed_live_once",
            )
        ]
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.created_at:%Y-%m-%d}"
