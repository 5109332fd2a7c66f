"""Commands: something we asked a station to do, and what came of it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Station


class CommandState(models.TextChoices):
    """Life of a command."""

    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    ANSWERED = "answered", _("Answered")
    FAILED = "failed", _("Failed")
    TIMED_OUT = "timed_out", _("No answer")
    REFUSED_OFFLINE = "refused_offline", _("Refused: offline")
    EXPIRED = "expired", _("Expired")


FINAL_STATES = frozenset(
    {
        CommandState.ANSWERED,
        CommandState.FAILED,
        CommandState.TIMED_OUT,
        CommandState.REFUSED_OFFLINE,
        CommandState.EXPIRED,
    }
)


class CommandOrigin(models.TextChoices):
    """Who wanted it."""

    PERSON = "person", _("Person")
    API = "api", _("API")
    SYSTEM = "system", _("System")


class Command(TenantModel):
    """One request to one station. ``command`` is the neutral name, empty for raw OCPP."""

    placing = Placing("station_id", "stations.Station")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="commands")
    batch_id = models.UUIDField(null=True, blank=True, db_index=True)
    origin = models.CharField(_("origin"), max_length=10, choices=CommandOrigin.choices)
    requested_by = models.CharField(_("requested by"), max_length=200)
    reason = models.TextField(_("reason"), blank=True)
    command = models.CharField(_("command"), max_length=40, blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    ocpp_version = models.CharField(_("OCPP version"), max_length=10, blank=True)
    action = models.CharField(_("OCPP action"), max_length=60)
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=CommandState.choices, default=CommandState.QUEUED
    )
    answer = models.JSONField(_("answer"), null=True, blank=True)
    answer_status = models.CharField(_("station's answer"), max_length=40, blank=True)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    error_text = models.TextField(blank=True)
    message_id = models.CharField(max_length=36, blank=True)
    generation = models.BigIntegerField(null=True, blank=True)
    bridge = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["operator", "-created_at"], name="command_recent_idx"),
            models.Index(fields=["station", "-created_at"], name="command_station_idx"),
            models.Index(
                fields=["station", "id"],
                condition=models.Q(state="queued"),
                name="command_queued_idx",
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state__in=["queued", "sent"]),
                name="command_open_idx",
            ),
            models.Index(
                fields=["finished_at"],
                condition=models.Q(finished_at__isnull=False),
                name="command_finished_idx",
            ),
        ]
        verbose_name = _("command")
        verbose_name_plural = _("commands")

    def __str__(self) -> str:
        return f"{self.command or self.action} {self.public_id}"
