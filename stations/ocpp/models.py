"""What the protocol leaves behind: frames, knocks, reservations, profiles, lists, events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import PlacedManager, Placing
from stations.commands.models import Command
from stations.hardware.models import Station
from stations.sites.models import Site


class FrameJournal(models.Model):
    """One exchange on the wire: a call and its answer, secrets masked; partitioned by month.

    ``direction`` "in": the station called; "out": we called; "stray": a frame that belongs
    to no call (unreadable, or an answer nobody asked for).
    """

    placing = Placing("station_id", "stations.Station")

    pk = models.CompositePrimaryKey("id", "received_at")
    id = models.BigIntegerField()
    received_at = models.DateTimeField(_("time"))
    operator_id = models.BigIntegerField()
    station_id = models.BigIntegerField()
    generation = models.BigIntegerField(default=0)
    direction = models.CharField(_("direction"), max_length=5)
    ocpp_version = models.CharField(max_length=10, default="")
    action = models.CharField(_("action"), max_length=60, default="")
    message_id = models.CharField(_("correlation id"), max_length=64, default="")
    request = models.TextField(_("request"), default="")
    answer = models.TextField(_("answer"), null=True)  # noqa: DJ001 - null: no answer yet
    outcome = models.CharField(
        _("outcome"), max_length=10, default="", help_text="result, error, none, bad"
    )
    error_code = models.CharField(_("error"), max_length=40, default="")
    answered_at = models.DateTimeField(_("answered"), null=True)
    findings = models.CharField(_("findings"), max_length=400, default="")

    objects: ClassVar[PlacedManager[Any]] = PlacedManager()

    class Meta:
        managed = False
        db_table = "stations_framejournal"
        ordering = ["-received_at", "-id"]
        verbose_name = _("OCPP message")
        verbose_name_plural = _("OCPP journal")


class Knock(models.Model):
    """A connection attempt that was refused, counted by identity and reason."""

    placing = Placing("station_id", "stations.Station")

    identity = models.CharField(_("identity"), max_length=120)
    reason = models.CharField(_("reason"), max_length=30)
    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, null=True, blank=True, related_name="knocks"
    )
    remote_address = models.CharField(_("address"), max_length=64, blank=True)
    subprotocols = models.CharField(_("offered"), max_length=200, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=1)
    first_at = models.DateTimeField(_("first"), default=timezone.now)
    last_at = models.DateTimeField(_("last"), default=timezone.now)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PlacedManager[Any]] = PlacedManager()

    class Meta:
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["identity", "reason"], name="knock_identity_once")
        ]
        verbose_name = _("station that knocked")
        verbose_name_plural = _("stations that knocked")

    def __str__(self) -> str:
        return self.identity


class BridgeLease(models.Model):
    """A bridge process that is alive as long as it renews this row."""

    bridge = models.CharField(max_length=64, primary_key=True)
    instance = models.UUIDField()
    started_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bridge")
        verbose_name_plural = _("bridges")

    def __str__(self) -> str:
        return self.bridge


class ParkedMessage(TenantModel):
    """A message that the database refused, kept raw so that nothing is lost."""

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    received_at = models.DateTimeField(_("received"))
    ocpp_version = models.CharField(max_length=10)
    action = models.CharField(_("action"), max_length=60)
    raw = models.BinaryField()
    error = models.TextField(_("error"))
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-received_at", "-id"]
        verbose_name = _("parked message")
        verbose_name_plural = _("parked messages")

    def __str__(self) -> str:
        return f"{self.action} {self.received_at}"


class AuthorisationAttempt(TenantModel):
    """Who asked to charge, where, and what was answered, in words."""

    placing = Placing("station_id", "stations.Station")

    # Written for every start: no index or check twice.
    operator = models.ForeignKey(
        "core.Operator",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+", db_index=False)
    evse_number = models.PositiveIntegerField(_("EVSE"), null=True, blank=True)
    at = models.DateTimeField(_("time"))
    kind = models.CharField(max_length=12, help_text="authorize, start, event")
    id_token = models.CharField(_("token"), max_length=255)
    id_token_type = models.CharField(max_length=24, blank=True)
    decision = models.CharField(_("decision"), max_length=24)
    reason_code = models.CharField(max_length=40)
    token_snapshot = models.JSONField(default=dict, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["operator", "-at"], name="attempt_recent_idx"),
            models.Index(fields=["station", "-at"], name="attempt_station_idx"),
            models.Index(
                models.F("operator"),
                Upper("id_token"),
                models.F("at").desc(),
                name="attempt_token_ci_idx",
            ),
            models.Index(
                KT("token_snapshot__driver"), models.F("at").desc(), name="attempt_driver_idx"
            ),
        ]
        verbose_name = _("authorisation attempt")
        verbose_name_plural = _("authorisation attempts")

    def __str__(self) -> str:
        return f"{self.id_token}: {self.decision}"


class Reservation(TenantModel):
    """A hold of an EVSE for a token; its id is the id on the wire."""

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="reservations")
    evse_number = models.PositiveIntegerField(_("EVSE"), default=0)
    number = models.PositiveIntegerField(_("reservation id"))
    id_token = models.CharField(_("token"), max_length=255)
    group_id_token = models.CharField(max_length=255, blank=True)
    expires_at = models.DateTimeField(_("expires"))
    state = models.CharField(
        _("state"),
        max_length=12,
        default="requested",
        help_text="requested, active, refused, used, cancelled, expired, removed",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["station", "number"], name="reservation_once")
        ]
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")

    def __str__(self) -> str:
        return str(self.number)


class ChargingProfile(TenantModel):
    """A charging profile that an operator stored; ``number`` is its id on the wire."""

    number = models.PositiveIntegerField(_("profile id"))
    description = models.CharField(_("description"), max_length=200, blank=True)
    profile = models.JSONField(_("profile"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "number"], name="charging_profile_number_once"
            )
        ]
        verbose_name = _("charging profile")
        verbose_name_plural = _("charging profiles")

    def __str__(self) -> str:
        return self.description or str(self.number)


class ListChoice(models.TextChoices):
    """Whether a station's local list is kept in step."""

    INHERIT = "inherit", _("As the site says")
    ON = "on", _("Kept in step")
    OFF = "off", _("Left alone")


class LocalList(TenantModel):
    """The local authorisation list of a station: as it last accepted it (``version``,
    ``entries``), and how far it is from what it should be.

    ``stamp`` names the state of the tokens with which it was last compared; ``continues`` says
    that more parts follow the one under way.
    """

    placing = Placing("station_id", "stations.Station")

    station = models.OneToOneField(Station, on_delete=models.CASCADE, related_name="local_list")
    choice = models.CharField(
        _("kept in step"), max_length=8, choices=ListChoice.choices, default=ListChoice.INHERIT
    )
    version = models.PositiveIntegerField(_("version"), default=0)
    reported_version = models.IntegerField(_("reported version"), null=True, blank=True)
    entries = models.JSONField(default=list, blank=True)
    held_count = models.PositiveIntegerField(_("entries"), default=0)
    held_hash = models.CharField(max_length=32, blank=True)
    wanted_count = models.PositiveIntegerField(_("desired entries"), default=0)
    wanted_hash = models.CharField(max_length=32, blank=True)
    left_out_count = models.PositiveIntegerField(_("cards without room"), default=0)
    stamp = models.CharField(max_length=64, blank=True)
    compared_at = models.DateTimeField(_("compared"), null=True, blank=True)
    checked_at = models.DateTimeField(_("version asked"), null=True, blank=True)
    needs_full = models.BooleanField(default=False)
    continues = models.BooleanField(default=False)
    is_pending = models.BooleanField(_("being sent"), default=False)
    command = models.ForeignKey(
        Command, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_update = models.CharField(_("last update"), max_length=12, blank=True)
    last_status = models.CharField(_("last answer"), max_length=40, blank=True)
    last_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    unsupported_at = models.DateTimeField(_("not supported"), null=True, blank=True)
    unsupported_firmware = models.CharField(max_length=64, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["station_id"]
        indexes = [
            models.Index(
                fields=["station"], condition=models.Q(is_pending=True), name="list_pending_idx"
            )
        ]
        verbose_name = _("local list")
        verbose_name_plural = _("local lists")

    def __str__(self) -> str:
        return f"{self.station_id}: {self.version}"


class LocalListSetting(TenantModel):
    """Whether local lists are kept in step: of the whole operator, or of one site."""

    placing = Placing("site_id")

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    is_enabled = models.BooleanField(_("kept in step"))

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["operator_id", "site_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator"],
                condition=models.Q(site=None),
                name="local_list_setting_operator_once",
            ),
            models.UniqueConstraint(fields=["site"], name="local_list_setting_site_once"),
        ]
        verbose_name = _("setting of local lists")
        verbose_name_plural = _("settings of local lists")

    def __str__(self) -> str:
        return f"{self.site_id or '*'}: {self.is_enabled}"


class SetUpPlan(TenantModel):
    """Settings of our own that the bridge leaves out when it sets a station up after a boot,
    since someone above takes care of them. ``left_out``: keys in lower case."""

    placing = Placing("station_id", "stations.Station")

    station = models.OneToOneField(
        Station, on_delete=models.CASCADE, primary_key=True, related_name="set_up_plan"
    )
    left_out = models.JSONField(default=list, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["station_id"]
        verbose_name = _("set-up plan")
        verbose_name_plural = _("set-up plans")

    def __str__(self) -> str:
        return f"{self.station_id}: {self.left_out}"


class StationEvent(TenantModel):
    """Something a station told that is neither status nor session: security events,
    firmware and log progress, monitoring events, data transfers, reports."""

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="events")
    received_at = models.DateTimeField(_("received"))
    station_at = models.DateTimeField(_("station time"), null=True, blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=20,
        help_text="security, firmware, log, diagnostics, monitoring, data_transfer, profiles, …",
    )
    name = models.CharField(_("event"), max_length=120)
    severity = models.PositiveSmallIntegerField(null=True, blank=True)
    request_number = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-received_at", "-id"]
        indexes = [models.Index(fields=["station", "-received_at"], name="event_station_idx")]
        verbose_name = _("station event")
        verbose_name_plural = _("station events")

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"
