"""Stations, EVSEs, connectors and the live link of a station."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import PlacedManager, Placing
from stations.hardware.choices import (
    BootStatus,
    ConnectorStatus,
    ConnectorType,
    CurrentType,
    SecurityProfile,
    ValueSource,
)
from stations.hardware.disclosure import EvseDisclosure
from stations.hardware.keys import Place
from stations.sites.models import Site


class Station(TenantModel):
    """An OCPP charging station. ``identity`` is its name on the socket; it is a secret-free
    but unpublished name and differs from every public id."""

    placing = Placing("site_id")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="stations")
    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    identity = models.CharField(_("socket identity"), max_length=48)
    name = models.CharField(_("name"), max_length=120)
    security_profile = models.PositiveSmallIntegerField(
        _("security profile"), choices=SecurityProfile.choices, default=SecurityProfile.BASIC
    )
    password_digest = models.CharField(
        max_length=200, blank=True, help_text=_("HMAC-SHA-256, or Argon2 for imported ones")
    )
    assume_subprotocol = models.CharField(
        _("assume this version when the station offers none"), max_length=10, blank=True
    )
    hands_off = models.BooleanField(
        _("hands off"),
        default=False,
        help_text=_("Send no message of our own after boot; only what a person asks for."),
    )
    quirks = models.JSONField(_("quirks"), default=dict, blank=True)
    vendor = models.CharField(_("vendor"), max_length=64, blank=True)
    model = models.CharField(_("model"), max_length=64, blank=True)
    serial_number = models.CharField(_("serial number"), max_length=64, blank=True)
    firmware_version = models.CharField(_("firmware"), max_length=64, blank=True)
    boot_info = models.JSONField(default=dict, blank=True)
    hardware_model = models.ForeignKey(
        "stations.HardwareModel",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stations",
        verbose_name=_("catalogue model"),
    )
    catalogue_quirks = models.JSONField(
        default=dict, db_default={}, blank=True, help_text=_("Of model and firmware; derived")
    )
    matched_as = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Vendor, model and firmware that the catalogue was asked for"),
    )
    commissioned_on = models.DateField(_("commissioned"), null=True, blank=True)
    retired_on = models.DateField(_("retired"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Upper("identity"), name="station_identity_ci_unique")
        ]
        verbose_name = _("station")
        verbose_name_plural = _("stations")

    def __str__(self) -> str:
        return self.name or self.identity


class StationLink(models.Model):
    """The live connection state of one station; written by the bridge, one row a station.

    ``generation`` counts accepted connections and fences state and commands, never facts.
    """

    placing = Placing("station_id", "stations.Station")

    station = models.OneToOneField(
        Station, on_delete=models.CASCADE, primary_key=True, related_name="link"
    )
    generation = models.BigIntegerField(default=0)
    is_connected = models.BooleanField(_("connected"), default=False)
    bridge = models.CharField(max_length=64, blank=True)
    ocpp_version = models.CharField(_("OCPP version"), max_length=10, blank=True)
    remote_address = models.CharField(_("address"), max_length=64, blank=True)
    connected_at = models.DateTimeField(_("connected since"), null=True, blank=True)
    disconnected_at = models.DateTimeField(_("disconnected"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last heard from"), null=True, blank=True)
    boot_status = models.CharField(
        max_length=10, choices=BootStatus.choices, default=BootStatus.NONE
    )
    booted_at = models.DateTimeField(_("booted"), null=True, blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ConnectorStatus.choices,
        default=ConnectorStatus.UNKNOWN,
        help_text=_("Status of the station itself (connector 0)"),
    )
    error_code = models.CharField(_("error code"), max_length=50, blank=True)
    info = models.CharField(max_length=255, blank=True)
    status_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PlacedManager[Any]] = PlacedManager()

    class Meta:
        verbose_name = _("station link")
        verbose_name_plural = _("station links")

    def __str__(self) -> str:
        return f"{self.station_id}: {self.generation}"


class Evse(EvseDisclosure, TenantModel):
    """One place to charge one car at a time. In OCPP 1.6 each connector id is an EVSE."""

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="evses")
    number = models.PositiveIntegerField(_("number"), help_text=_("OCPP EVSE id, from 1"))
    public_id = models.CharField(
        _("EVSE id"), max_length=48, unique=True, null=True, blank=True, help_text="SE*ABC*E1*1"
    )
    max_power_w = models.PositiveIntegerField(_("power (W)"), null=True, blank=True)
    current_type = models.CharField(
        _("current"), max_length=12, choices=CurrentType.choices, default=CurrentType.AC_3_PHASE
    )
    phases = models.PositiveSmallIntegerField(_("phases"), default=3)
    is_confirmed = models.BooleanField(
        _("confirmed"), default=True, help_text=_("Reported by the station but not yet by us")
    )
    commissioned_on = models.DateField(_("commissioned"), null=True, blank=True)
    retired_on = models.DateField(_("retired"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["station_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["station", "number"], name="evse_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="evse_number_from_1"),
        ]
        verbose_name = _("EVSE")
        verbose_name_plural = _("EVSEs")

    def __str__(self) -> str:
        return self.public_id or f"{self.station_id}/{self.number}"


class Connector(TenantModel):
    """A socket or cable of an EVSE, with its last known status."""

    placing = Placing("evse_id", "stations.Evse")

    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, related_name="connectors")
    number = models.PositiveIntegerField(_("number"), default=1)
    connector_type = models.CharField(
        _("type"), max_length=24, choices=ConnectorType.choices, default=ConnectorType.UNKNOWN
    )
    is_tethered = models.BooleanField(_("fixed cable"), default=False)
    cable_length_cm = models.PositiveSmallIntegerField(
        _("cable length (cm)"), null=True, blank=True
    )
    max_power_w = models.PositiveIntegerField(
        _("power (W)"), null=True, blank=True, help_text=_("Nothing: as the EVSE.")
    )
    retired_on = models.DateField(_("retired"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ConnectorStatus.choices,
        default=ConnectorStatus.UNKNOWN,
    )
    status_raw = models.CharField(max_length=40, blank=True)
    error_code = models.CharField(_("error code"), max_length=50, blank=True)
    vendor_error_code = models.CharField(_("vendor error code"), max_length=64, blank=True)
    info = models.CharField(_("details"), max_length=255, blank=True)
    status_at = models.DateTimeField(_("station time"), null=True, blank=True)
    status_received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["evse_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["evse", "number"], name="connector_number_once")
        ]
        verbose_name = _("connector")
        verbose_name_plural = _("connectors")

    def __str__(self) -> str:
        return f"{self.evse_id}/{self.number}"


class DeviceVariable(TenantModel):
    """One value of a station: a 1.6 configuration key or a 2.x device-model attribute.

    A 1.6 key has ``component`` "" and the key as ``variable``. Kept as last reported; the
    database keeps what it was before as ``ValueChange``.
    """

    placing = Placing("station_id", "stations.Station")

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="variables")
    component = models.CharField(_("component"), max_length=50, blank=True)
    component_instance = models.CharField(max_length=50, blank=True)
    evse_number = models.PositiveIntegerField(_("EVSE"), default=0)
    connector_number = models.PositiveIntegerField(_("connector"), default=0)
    variable = models.CharField(_("variable"), max_length=100)
    variable_instance = models.CharField(max_length=50, blank=True)
    attribute = models.CharField(_("attribute"), max_length=10, default="Actual")
    value = models.TextField(_("value"), blank=True, null=True)  # noqa: DJ001 - null: not told
    mutability = models.CharField(_("mutability"), max_length=12, blank=True)
    characteristics = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now)
    source = models.CharField(
        _("told by"),
        max_length=8,
        choices=ValueSource.choices,
        default=ValueSource.REPORT,
        db_default=ValueSource.REPORT,
    )
    command_ref = models.CharField(max_length=24, blank=True, default="", db_default="")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["station_id", "component", "variable", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "station",
                    "component",
                    "component_instance",
                    "evse_number",
                    "connector_number",
                    "variable",
                    "variable_instance",
                    "attribute",
                ],
                name="device_variable_once",
            )
        ]
        verbose_name = _("device variable")
        verbose_name_plural = _("device variables")

    def __str__(self) -> str:
        return f"{self.component}.{self.variable}"

    @property
    def place(self) -> Place:
        """Where the value belongs."""
        return Place(
            variable=self.variable,
            component=self.component,
            component_instance=self.component_instance,
            evse=self.evse_number,
            connector=self.connector_number,
            variable_instance=self.variable_instance,
        )

    @property
    def key(self) -> str:
        """The place as one text."""
        return self.place.key
