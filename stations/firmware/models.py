"""Firmware files of models, and campaigns that bring them to stations."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.firmware.progress import ACTIVE
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Station


class FirmwareImage(TenantModel):
    """One version of a model's firmware and where stations get it: an address at the vendor, or
    a file that was uploaded here. Never changed but for whether it is wanted or withdrawn."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    hardware_model = models.ForeignKey(
        HardwareModel,
        on_delete=models.PROTECT,
        related_name="firmware_images",
        verbose_name=_("station model"),
    )
    version = models.CharField(
        _("version"), max_length=64, help_text=_("Exactly as the station reports it at its start.")
    )
    url = models.CharField(_("address at the vendor"), max_length=400, blank=True)
    path = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=120, blank=True)
    size_bytes = models.PositiveBigIntegerField(_("size"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    signature = models.TextField(_("signature (base64)"), blank=True)
    signing_certificate = models.TextField(_("certificate of the signature (PEM)"), blank=True)
    released_on = models.DateField(_("released"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_wanted = models.BooleanField(_("wanted"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    added_label = models.CharField(_("added by"), max_length=200)
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "hardware_model",
                Upper("version"),
                condition=models.Q(withdrawn_at=None),
                name="firmware_version_once",
            ),
            models.UniqueConstraint(
                fields=["hardware_model"],
                condition=models.Q(is_wanted=True),
                name="firmware_wanted_once",
            ),
            models.CheckConstraint(
                condition=models.Q(url="") ^ models.Q(path=""), name="firmware_one_place"
            ),
            models.CheckConstraint(
                condition=models.Q(is_wanted=False) | models.Q(withdrawn_at=None),
                name="firmware_wanted_in_use",
            ),
        ]
        verbose_name = _("firmware")
        verbose_name_plural = _("firmware")

    def __str__(self) -> str:
        return f"{self.hardware_model} {self.version}"

    @property
    def is_signed(self) -> bool:
        """Whether stations are told how to check who made it."""
        return bool(self.signature)


class CampaignState(models.TextChoices):
    """Life of a campaign."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    HALTED = "halted", _("Halted")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Campaign(TenantModel):
    """One version brought to chosen stations: a canary first, then waves with a pause between.

    In the canary (wave 0) any failure halts it, in a wave more than ``most_failures`` do; those
    that ended before ``counted_from_at`` have been looked at by a person.
    """

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    image = models.ForeignKey(
        FirmwareImage,
        on_delete=models.PROTECT,
        related_name="campaigns",
        verbose_name=_("firmware"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=CampaignState.choices, default=CampaignState.RUNNING
    )
    why = models.CharField(_("why"), max_length=500, blank=True)
    reason = models.TextField(_("reason"), max_length=500)
    canary_count = models.PositiveSmallIntegerField(_("stations in the canary"))
    wave_size = models.PositiveSmallIntegerField(_("stations in a wave"))
    pause_minutes = models.PositiveIntegerField(_("pause between waves (minutes)"))
    most_failures = models.PositiveSmallIntegerField(_("failures allowed in a wave"))
    from_hour = models.PositiveSmallIntegerField(_("from hour"), null=True, blank=True)
    until_hour = models.PositiveSmallIntegerField(_("until hour"), null=True, blank=True)
    patience_minutes = models.PositiveIntegerField(_("time for one update (minutes)"))
    wait_hours = models.PositiveIntegerField(_("how long a wave waits for a station (hours)"))
    wave = models.PositiveSmallIntegerField(_("wave"), default=0)
    wave_began_at = models.DateTimeField(_("wave began"))
    next_wave_at = models.DateTimeField(_("next wave"), null=True, blank=True)
    counted_from_at = models.DateTimeField()
    started_label = models.CharField(_("started by"), max_length=200)
    created_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("state since"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["state"], condition=models.Q(state="running"), name="campaign_running_idx"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(canary_count__gte=1, wave_size__gte=1),
                name="campaign_waves_filled",
            ),
            models.CheckConstraint(
                condition=models.Q(from_hour=None, until_hour=None)
                | models.Q(from_hour__lt=24, until_hour__lt=24),
                name="campaign_hours",
            ),
        ]
        verbose_name = _("firmware campaign")
        verbose_name_plural = _("firmware campaigns")

    def __str__(self) -> str:
        return self.name


class TargetState(models.TextChoices):
    """How far one station of a campaign is (stations.firmware.progress)."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    DOWNLOADING = "downloading", _("Downloading")
    INSTALLING = "installing", _("Installing")
    INSTALLED = "installed", _("Installed")
    FAILED = "failed", _("Failed")
    TIMED_OUT = "timed_out", _("Timed out")
    SKIPPED = "skipped", _("Skipped")


class CampaignStation(TenantModel):
    """One station of a campaign. ``word`` is the station's own last word, ``why`` what it waits
    for or why it was left out; the token opens the file for this one update."""

    placing = Placing("station_id", "stations.Station")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="targets")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="firmware_targets")
    wave = models.PositiveSmallIntegerField(_("wave"))
    state = models.CharField(
        _("state"), max_length=12, choices=TargetState.choices, default=TargetState.WAITING
    )
    why = models.CharField(_("why"), max_length=60, blank=True)
    word = models.CharField(_("station's word"), max_length=60, blank=True)
    from_version = models.CharField(_("from version"), max_length=64, blank=True)
    seen_version = models.CharField(_("version seen"), max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    command_ref = models.CharField(_("command"), max_length=24, blank=True)
    request_number = models.BigIntegerField(null=True, blank=True)
    seen_event = models.BigIntegerField(default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    told_at = models.DateTimeField(_("last told"), null=True, blank=True)
    due_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    token_digest = models.CharField(max_length=64, blank=True)
    downloads = models.PositiveSmallIntegerField(_("downloads"), default=0)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["campaign_id", "wave", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "station"], name="campaign_station_once"),
            models.UniqueConstraint(
                fields=["station"],
                condition=models.Q(state__in=sorted(ACTIVE)),
                name="campaign_one_update_a_station",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=sorted(ACTIVE)),
                name="campaign_active_idx",
            ),
            models.Index(
                fields=["token_digest"],
                condition=~models.Q(token_digest=""),
                name="campaign_token_idx",
            ),
        ]
        verbose_name = _("station of a campaign")
        verbose_name_plural = _("stations of campaigns")

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.station_id}"
