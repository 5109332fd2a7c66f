"""Logs and diagnostics that were asked of stations."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Station


class LogKind(models.TextChoices):
    """Which log; OCPP 1.6 knows diagnostics, and the security log with its extension."""

    DIAGNOSTICS = "diagnostics", _("Diagnostics")
    SECURITY = "security", _("Security log")


class LogState(models.TextChoices):
    """Life of a request for a log."""

    ASKED = "asked", _("Asked")
    UPLOADING = "uploading", _("Uploading")
    RECEIVED = "received", _("Received")
    FAILED = "failed", _("Failed")
    DELETED = "deleted", _("Deleted")


OPEN_STATES = (LogState.ASKED, LogState.UPLOADING)


class StationLog(TenantModel):
    """One request for a log, and the file that came. The address that the station sends to holds
    a token of which only the digest is kept; it is good for one file."""

    placing = Placing("station_id", "stations.Station")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="logs")
    kind = models.CharField(_("log"), max_length=12, choices=LogKind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=LogState.choices, default=LogState.ASKED
    )
    why = models.CharField(_("why"), max_length=60, blank=True)
    word = models.CharField(_("station's word"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    asked_label = models.CharField(_("asked by"), max_length=200)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    oldest_at = models.DateTimeField(_("oldest entry"), null=True, blank=True)
    latest_at = models.DateTimeField(_("latest entry"), null=True, blank=True)
    command_ref = models.CharField(_("command"), max_length=24, blank=True)
    request_number = models.BigIntegerField(null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(_("can be sent until"))
    keep_days = models.PositiveSmallIntegerField(_("days kept"), default=30)
    name = models.CharField(_("file name"), max_length=120, blank=True)
    path = models.CharField(max_length=200, blank=True)
    size_bytes = models.PositiveBigIntegerField(_("size"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    delete_after_at = models.DateTimeField(_("deleted after"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(keep_days__gte=1, keep_days__lte=365), name="log_keep_days"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="received") | ~models.Q(path=""), name="log_has_file"
            ),
        ]
        indexes = [
            models.Index(fields=["station", "-asked_at"], name="log_station_idx"),
            models.Index(
                fields=["token_digest"],
                condition=~models.Q(token_digest=""),
                name="log_token_idx",
            ),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(state__in=["asked", "uploading"]),
                name="log_open_idx",
            ),
            models.Index(
                fields=["delete_after_at"],
                condition=models.Q(state="received"),
                name="log_delete_idx",
            ),
        ]
        verbose_name = _("log of a station")
        verbose_name_plural = _("logs of stations")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.public_id}"
