"""Sessions, the facts they are derived from, and meter readings."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import PlacedManager, Placing
from stations.hardware.models import Evse, Station
from stations.sites.choices import PlaceClass
from stations.sites.disclosure import choice_field

KNOWS_VEHICLE: Final = models.Q(("token_snapshot__has_key", "vehicle"))
"""Condition of the index by vehicle: the card sat in one."""


class SessionState(models.TextChoices):
    """Where a session is in its life (docs/reconciliation.md)."""

    ACTIVE = "active", _("Charging")
    ENDED = "ended", _("Ended")
    END_MISSING = "end_missing", _("End missing")
    START_MISSING = "start_missing", _("Start missing")


class Session(TenantModel):
    """Plugged in to plugged out, derived from facts. Live figures are written by the bridge;
    energy, times and findings by the reconciler."""

    placing = Placing("station_id", "stations.Station")

    # The bridge waits for every index and check of this table. That the operator exists follows
    # from the check that it is the station's.
    operator = models.ForeignKey(
        "core.Operator",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    public_id = models.CharField(_("public id"), max_length=24)
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    evse = models.ForeignKey(
        Evse, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    evse_number = models.PositiveIntegerField(_("EVSE"), null=True, blank=True)
    connector_number = models.PositiveIntegerField(_("connector"), null=True, blank=True)
    ocpp_version = models.CharField(_("OCPP version"), max_length=10)
    ocpp_transaction_id = models.CharField(_("OCPP transaction id"), max_length=64)
    transaction_use = models.PositiveSmallIntegerField(
        default=0, help_text=_("Counts the times a station used this transaction id")
    )
    state = models.CharField(_("state"), max_length=16, choices=SessionState.choices)
    id_token = models.CharField(_("token"), max_length=255, blank=True)
    id_token_type = models.CharField(max_length=24, blank=True)
    token_snapshot = models.JSONField(default=dict, blank=True)
    # Of the site when the session began; a trigger copies it into new rows.
    place_class = choice_field(_("place class"), PlaceClass)
    authorised = models.BooleanField(_("authorised"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    first_received_at = models.DateTimeField(default=timezone.now)
    last_fact_at = models.DateTimeField(_("last heard of"), default=timezone.now)
    meter_start_wh = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    register_wh = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    energy_wh = models.DecimalField(
        _("energy (Wh)"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    power_w = models.DecimalField(
        _("power (W)"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    soc_percent = models.DecimalField(
        _("battery (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    charging_state = models.CharField(_("charging state"), max_length=24, blank=True)
    stop_reason = models.CharField(_("stop reason"), max_length=40, blank=True)
    is_offline = models.BooleanField(_("reported afterwards"), default=False)
    reservation_number = models.BigIntegerField(null=True, blank=True)
    remote_start_id = models.BigIntegerField(null=True, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    is_held = models.BooleanField(_("held for review"), default=False)
    intervals = models.JSONField(default=dict, blank=True)
    reported_ongoing = models.BooleanField(
        null=True, blank=True, help_text=_("Last answer of GetTransactionStatus")
    )
    reported_in_queue = models.BooleanField(null=True, blank=True)
    reconcile_due = models.BooleanField(default=False)
    reconciled_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-first_received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="session_public_id_once"),
            models.UniqueConstraint(
                fields=["evse"],
                condition=models.Q(state="active"),
                name="session_one_active_per_evse",
            ),
            models.UniqueConstraint(
                fields=["station", "ocpp_transaction_id", "transaction_use"],
                name="session_transaction_once",
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "-first_received_at"], name="session_recent_idx"),
            models.Index(fields=["station", "-first_received_at"], name="session_station_idx"),
            models.Index(
                models.F("operator"),
                Upper("id_token"),
                models.F("first_received_at"),
                name="session_token_ci_idx",
            ),
            # Who charged at the time: the first line and the limits ask for it.
            models.Index(
                KT("token_snapshot__driver"),
                models.F("first_received_at"),
                name="session_driver_idx",
            ),
            models.Index(
                KT("token_snapshot__company"),
                models.F("first_received_at"),
                name="session_company_idx",
            ),
            models.Index(
                KT("token_snapshot__vehicle"),
                models.F("first_received_at"),
                condition=KNOWS_VEHICLE,
                name="session_vehicle_idx",
            ),
            models.Index(fields=["operator", "-started_at"], name="session_started_idx"),
            models.Index(
                fields=["operator", "-first_received_at"],
                condition=models.Q(is_held=True),
                name="session_held_idx",
            ),
            models.Index(
                fields=["id"], condition=models.Q(reconcile_due=True), name="session_due_idx"
            ),
            # Not on last_fact_at: an index on what every fact changes would cost each of them
            # an entry in every index of the table.
            models.Index(
                fields=["station"], condition=models.Q(state="active"), name="session_live_idx"
            ),
        ]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return self.public_id


class SessionFact(TenantModel):
    """One message of a station about a session, kept for ever with the answer it got.

    ``key`` makes repeats harmless: the same station and key is the same fact, and gets the
    same answer. ``session`` is empty while nothing matches (it is matched later).
    """

    placing = Placing("station_id", "stations.Station")

    # A row is written for every message: no index that nothing searches by. Facts are found by
    # station and key, or by session.
    operator = models.ForeignKey(
        "core.Operator",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+", db_index=False)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="facts"
    )
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    received_at = models.DateTimeField(_("received"))
    transaction_id = models.CharField(max_length=64, blank=True)
    fact = models.JSONField()
    answer = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["received_at", "id"]
        constraints = [models.UniqueConstraint(fields=["station", "key"], name="session_fact_once")]
        indexes = [
            models.Index(
                fields=["station", "received_at"],
                condition=models.Q(session__isnull=True),
                name="session_fact_unmatched_idx",
            )
        ]
        verbose_name = _("session fact")
        verbose_name_plural = _("session facts")

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class MeterReading(models.Model):
    """One sampled value, in base units (Wh, W, A, V, Percent); partitioned by month."""

    placing = Placing("station_id", "stations.Station")

    pk = models.CompositePrimaryKey("id", "received_at")
    id = models.BigIntegerField()
    received_at = models.DateTimeField(_("received"))
    operator_id = models.BigIntegerField()
    station_id = models.BigIntegerField()
    session_id = models.BigIntegerField(null=True)
    evse_number = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(_("time"))
    measurand = models.CharField(_("measurand"), max_length=50)
    phase = models.CharField(_("phase"), max_length=8, default="")
    location = models.CharField(_("location"), max_length=12, default="")
    context = models.CharField(_("context"), max_length=24, default="")
    unit = models.CharField(_("unit"), max_length=24, default="")
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4, null=True)
    raw = models.CharField(max_length=64, default="")

    objects: ClassVar[PlacedManager[Any]] = PlacedManager()

    class Meta:
        managed = False
        db_table = "stations_meterreading"
        ordering = ["at", "id"]
        verbose_name = _("meter reading")
        verbose_name_plural = _("meter readings")
