"""Support cases and their logs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from customers.drivers.models import Driver
from customers.tokens.models import IdToken
from stations.commands.models import Command
from stations.hardware.models import Evse, Station
from stations.ocpp.models import AuthorisationAttempt
from stations.sessions.models import Session


class CaseState(models.TextChoices):
    """Whether somebody works on it."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class CaseOutcome(models.TextChoices):
    """How a case ended."""

    CHARGING = "charging", _("Charging")
    SOLVED = "solved", _("Solved otherwise")
    RIGHTLY_REFUSED = "rightly_refused", _("Rightly refused")
    FAULT = "fault", _("Fault reported")
    FORWARDED = "forwarded", _("Handed on")
    NO_ANSWER = "no_answer", _("Caller gone")


class SupportCase(TenantModel):
    """One caller's trouble: who called, about which EVSE, card and person, what was done, and
    how it ended."""

    placing = Placing("station_id", "stations.Station")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CaseState.choices, default=CaseState.OPEN
    )
    asked = models.CharField(_("searched for"), max_length=100, blank=True)
    caller_name = models.CharField(_("caller"), max_length=120, blank=True)
    caller_phone = models.CharField(_("caller's phone"), max_length=40, blank=True)
    driver = models.ForeignKey(
        Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    token = models.ForeignKey(
        IdToken, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    evse = models.ForeignKey(
        Evse, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    opened_by_label = models.CharField(_("opened by"), max_length=200)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by_label = models.CharField(_("closed by"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=CaseOutcome.choices, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True, outcome="")
                | models.Q(state="closed", closed_at__isnull=False) & ~models.Q(outcome=""),
                name="support_case_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-opened_at"], name="support_case_recent_idx"),
        ]
        verbose_name = _("support case")
        verbose_name_plural = _("support cases")

    def __str__(self) -> str:
        return self.public_id


class EntryKind(models.TextChoices):
    """What an entry of a case's log tells. Reported faults become incidents' evidence."""

    OPENED = "opened", _("Opened")
    LINKED = "linked", _("Looked up")
    NOTE = "note", _("Note")
    COMMAND = "command", _("Command")
    ATTEMPT = "attempt", _("Authorisation")
    FAULT = "fault", _("Reported fault")
    FIXED = "fixed", _("Told that it works")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Opened again")


class CaseEntry(TenantModel):
    """One line of a case's log: written once, never changed. ``data`` keeps what a reported
    fault is about."""

    placing = Placing("case_id", "customers.SupportCase")

    case = models.ForeignKey(SupportCase, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField(_("time"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind.choices)
    author_label = models.CharField(_("by"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    command = models.ForeignKey(
        Command, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    attempt = models.ForeignKey(
        AuthorisationAttempt, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["operator", "kind", "-at"], name="case_entry_kind_idx"),
        ]
        verbose_name = _("case entry")
        verbose_name_plural = _("case entries")

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"
