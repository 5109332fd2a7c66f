"""Append-only journals: statuses, connections, configuration values; and our own downtime.

The first two are partitioned by month of ``received_at`` (migration 0002) and protected
by triggers; no foreign key points at them or leaves them.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import PlacedManager, Placing
from stations.hardware.choices import ConnectorStatus, ValueSource
from stations.hardware.models import Station


class StatusJournal(models.Model):
    """One reported status of a connector (EVSE 0: the station itself), as it came."""

    placing = Placing("station_id", "stations.Station")

    pk = models.CompositePrimaryKey("id", "received_at")
    id = models.BigIntegerField()
    received_at = models.DateTimeField(_("received"))
    operator_id = models.BigIntegerField()
    station_id = models.BigIntegerField()
    evse_number = models.PositiveIntegerField(_("EVSE"))
    connector_number = models.PositiveIntegerField(_("connector"))
    status = models.CharField(_("status"), max_length=20, choices=ConnectorStatus.choices)
    status_raw = models.CharField(max_length=40)
    error_code = models.CharField(_("error code"), max_length=50, default="")
    vendor_error_code = models.CharField(max_length=64, default="")
    vendor_id = models.CharField(max_length=255, default="")
    info = models.CharField(_("details"), max_length=255, default="")
    station_at = models.DateTimeField(_("station time"), null=True)
    station_at_raw = models.CharField(max_length=40, default="")
    generation = models.BigIntegerField(default=0)

    objects: ClassVar[PlacedManager[Any]] = PlacedManager()

    class Meta:
        managed = False
        db_table = "stations_statusjournal"
        ordering = ["-received_at", "-id"]
        verbose_name = _("status entry")
        verbose_name_plural = _("status journal")


class ConnectionKind(models.TextChoices):
    """What happened to a station's connection."""

    CONNECTED = "connected", _("Connected")
    DISCONNECTED = "disconnected", _("Disconnected")
    REPLACED = "replaced", _("Replaced by a newer connection")
    CSMS_OUTAGE = "csms_outage", _("Our own outage")


class ConnectionJournal(models.Model):
    """One change of a station's connection; ``happened_at`` is when it became true."""

    placing = Placing("station_id", "stations.Station")

    pk = models.CompositePrimaryKey("id", "received_at")
    id = models.BigIntegerField()
    received_at = models.DateTimeField(_("recorded"))
    happened_at = models.DateTimeField(_("time"))
    operator_id = models.BigIntegerField()
    station_id = models.BigIntegerField()
    generation = models.BigIntegerField()
    kind = models.CharField(_("event"), max_length=20, choices=ConnectionKind.choices)
    bridge = models.CharField(max_length=64, default="")
    ocpp_version = models.CharField(max_length=10, default="")
    remote_address = models.CharField(max_length=64, default="")
    close_code = models.IntegerField(null=True)
    reason = models.CharField(_("reason"), max_length=255, default="")

    objects: ClassVar[PlacedManager[Any]] = PlacedManager()

    class Meta:
        managed = False
        db_table = "stations_connectionjournal"
        ordering = ["-received_at", "-id"]
        verbose_name = _("connection entry")
        verbose_name_plural = _("connection journal")


class CsmsOutage(TenantModel):
    """An interval in which we, not the station, were unreachable for it."""

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="csms_outages")
    bridge = models.CharField(max_length=64)
    generation = models.BigIntegerField()
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-began_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "generation"], name="csms_outage_once_a_generation"
            )
        ]
        verbose_name = _("outage of our own")
        verbose_name_plural = _("outages of our own")

    def __str__(self) -> str:
        return f"{self.station_id}: {self.began_at}"


class ValueChange(TenantModel):
    """One value that a configuration key or variable of a station took, and how we know.

    Written by a trigger on ``DeviceVariable`` whenever the value is new or differs, and never
    changed. ``command_ref`` is the public id of the command that set or read it.
    """

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, db_index=False, related_name="value_changes"
    )
    key = models.CharField(_("key"), max_length=320)
    attribute = models.CharField(_("attribute"), max_length=10)
    value = models.TextField(_("value"), null=True)  # noqa: DJ001 - null: not told
    source = models.CharField(_("told by"), max_length=8, choices=ValueSource.choices)
    command_ref = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField(_("time"))

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["station", "-id"], name="value_change_station_idx"),
            models.Index(fields=["station", "key", "-id"], name="value_change_key_idx"),
        ]
        verbose_name = _("change of a value")
        verbose_name_plural = _("changes of values")

    def __str__(self) -> str:
        return f"{self.key} {self.at}"
