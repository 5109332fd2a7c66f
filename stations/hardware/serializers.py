"""Stations and what belongs to them, as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers

from core.api.inputs import Input, Strict
from stations.hardware.choices import SecurityProfile
from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import Connector, DeviceVariable, Evse, Station, StationLink
from stations.sites.choices import ParkingRestriction, PaymentWay, VehicleType

DISCLOSED = (
    "public_access",
    "access_reason",
    "accessibility",
    "payment_terminal",
    "payment_ways",
    "vehicle_types",
    "parking_restrictions",
    "parking_note",
    "meter_make",
    "meter_serial",
    "meter_mid_year",
    "meter_class",
    "meter_public_key",
    "grant_state",
    "grant_name",
    "grant_conditions",
    "grant_ends_on",
)
"""What is told the public, and kept for inspectors, of an EVSE."""


def some_of(choices: type[models.TextChoices], **options: Any) -> serializers.ListField:
    """A list of words of ``choices``."""
    return serializers.ListField(
        child=serializers.ChoiceField(choices=choices.choices),
        **({"max_length": len(choices), "required": False} | options),
    )


class ConnectorSerializer(serializers.ModelSerializer[Connector]):
    """A connector with its last status; times are the station's and ours."""

    class Meta:
        model = Connector
        fields = (
            "number",
            "connector_type",
            "is_tethered",
            "cable_length_cm",
            "max_power_w",
            "retired_on",
            "is_confirmed",
            "status",
            "status_raw",
            "error_code",
            "vendor_error_code",
            "info",
            "status_at",
            "status_received_at",
        )


class ConnectorRowSerializer(ConnectorSerializer):
    """A connector in a list of its own: with station and EVSE."""

    station = serializers.CharField(source="evse.station.identity")
    evse = serializers.IntegerField(source="evse.number")
    evse_id = serializers.CharField(source="evse.public_id", allow_null=True)

    class Meta(ConnectorSerializer.Meta):
        fields = ("station", "evse", "evse_id", *ConnectorSerializer.Meta.fields)  # type: ignore[assignment]  # a longer tuple


class EvseSerializer(serializers.ModelSerializer[Evse]):
    """An EVSE with its connectors. ``id`` is the public EVSE id."""

    id = serializers.CharField(source="public_id", allow_null=True)
    payment_ways = some_of(PaymentWay)
    vehicle_types = some_of(VehicleType)
    parking_restrictions = some_of(ParkingRestriction)
    connectors = ConnectorSerializer(many=True)

    class Meta:
        model = Evse
        fields = (
            "id",
            "number",
            "max_power_w",
            "current_type",
            "phases",
            "is_confirmed",
            "commissioned_on",
            "retired_on",
            *DISCLOSED,
            "connectors",
        )


class EvseRowSerializer(EvseSerializer):
    """An EVSE in a list of its own: with station and site."""

    station = serializers.CharField(source="station.identity")
    site = serializers.CharField(source="station.site.public_id")

    class Meta(EvseSerializer.Meta):
        fields = ("station", "site", *EvseSerializer.Meta.fields)  # type: ignore[assignment]  # a longer tuple


class LinkSerializer(serializers.ModelSerializer[StationLink]):
    """The live connection of a station and the status of the station itself."""

    class Meta:
        model = StationLink
        fields = (
            "is_connected",
            "ocpp_version",
            "generation",
            "remote_address",
            "connected_at",
            "disconnected_at",
            "last_seen_at",
            "boot_status",
            "booted_at",
            "status",
            "error_code",
            "info",
            "status_at",
        )


class SiteRefSerializer(serializers.Serializer[Any]):
    """A site by id and name."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()


class StationSerializer(serializers.ModelSerializer[Station]):
    """A station with its link, EVSEs and connectors. Never the password."""

    id = serializers.CharField(source="public_id")
    site = SiteRefSerializer()
    status = serializers.CharField(source="worst", help_text="Worst status of its connectors")
    has_password = serializers.SerializerMethodField()
    link = LinkSerializer(allow_null=True)
    evses = EvseSerializer(many=True)

    class Meta:
        model = Station
        fields = (
            "id",
            "identity",
            "name",
            "site",
            "status",
            "security_profile",
            "has_password",
            "assume_subprotocol",
            "hands_off",
            "quirks",
            "vendor",
            "model",
            "serial_number",
            "firmware_version",
            "commissioned_on",
            "retired_on",
            "created_at",
            "link",
            "evses",
        )

    def get_has_password(self, station: Station) -> bool:
        """Whether a password is set."""
        return bool(station.password_digest)


class ConnectorWriteSerializer(Input):
    """A connector to add or change."""

    number = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    connector_type = serializers.ChoiceField(
        choices=Connector._meta.get_field("connector_type").choices or [], required=False
    )
    is_tethered = serializers.BooleanField(required=False)
    cable_length_cm = serializers.IntegerField(
        min_value=1, max_value=10_000, required=False, allow_null=True
    )
    max_power_w = serializers.IntegerField(
        min_value=1, max_value=2_000_000, required=False, allow_null=True
    )


class EvseDisclosureSerializer(serializers.ModelSerializer[Evse]):
    """What is told the public of an EVSE, its meter and its grant."""

    payment_ways = some_of(PaymentWay)
    vehicle_types = some_of(VehicleType)
    parking_restrictions = some_of(ParkingRestriction)

    class Meta:
        model = Evse
        fields = DISCLOSED


class EvseWriteSerializer(Strict, EvseDisclosureSerializer):
    """An EVSE to add or change. ``id`` is the public EVSE id."""

    number = serializers.IntegerField(min_value=1, max_value=1000)
    id = serializers.CharField(
        source="public_id", max_length=48, required=False, allow_null=True, allow_blank=True
    )
    max_power_w = serializers.IntegerField(
        min_value=0, max_value=10_000_000, required=False, allow_null=True
    )
    current_type = serializers.ChoiceField(
        choices=Evse._meta.get_field("current_type").choices or [], required=False
    )
    phases = serializers.IntegerField(min_value=1, max_value=3, required=False)
    commissioned_on = serializers.DateField(required=False, allow_null=True)
    connectors = ConnectorWriteSerializer(many=True, required=False)

    class Meta(EvseDisclosureSerializer.Meta):
        fields = (  # type: ignore[assignment]  # a longer tuple
            "number",
            "id",
            "max_power_w",
            "current_type",
            "phases",
            "commissioned_on",
            "connectors",
            *DISCLOSED,
        )


class StationWriteSerializer(Input):
    """A station to create or change. ``site`` is a site's id."""

    site = serializers.CharField(max_length=24)
    identity = serializers.CharField(max_length=48)
    name = serializers.CharField(max_length=120, required=False)
    security_profile = serializers.ChoiceField(choices=SecurityProfile.choices, required=False)
    assume_subprotocol = serializers.ChoiceField(
        choices=["", "ocpp1.6", "ocpp2.0.1"], required=False
    )
    hands_off = serializers.BooleanField(required=False)
    vendor = serializers.CharField(max_length=64, required=False, allow_blank=True)
    model = serializers.CharField(max_length=64, required=False, allow_blank=True)
    serial_number = serializers.CharField(max_length=64, required=False, allow_blank=True)
    commissioned_on = serializers.DateField(required=False, allow_null=True)


class StationCreateSerializer(StationWriteSerializer):
    """A station to create, with a password of the caller's choice and its EVSEs if wanted."""

    password = serializers.CharField(
        max_length=64, required=False, trim_whitespace=False, write_only=True
    )
    evses = EvseWriteSerializer(many=True, required=False)


class StationChangeSerializer(StationWriteSerializer):
    """What may change of a station, and why."""

    reason = serializers.CharField(max_length=500, required=False)


class CreatedStationSerializer(StationSerializer):
    """A new station with its password, shown this once; empty where it has none."""

    password = serializers.CharField()

    class Meta(StationSerializer.Meta):
        fields = (*StationSerializer.Meta.fields, "password")  # type: ignore[assignment]  # a longer tuple


class PasswordWriteSerializer(Input):
    """A new password; a random one is made unless given."""

    password = serializers.CharField(max_length=64, required=False, trim_whitespace=False)
    reason = serializers.CharField(max_length=500, required=False)


class PasswordSerializer(serializers.Serializer[Any]):
    """A password, shown this once."""

    password = serializers.CharField()


class VariableSerializer(serializers.ModelSerializer[DeviceVariable]):
    """A configuration key (1.6: no component) or a device-model value, as last reported."""

    class Meta:
        model = DeviceVariable
        fields = (
            "component",
            "component_instance",
            "evse_number",
            "connector_number",
            "variable",
            "variable_instance",
            "attribute",
            "value",
            "mutability",
            "characteristics",
            "updated_at",
        )


class StatusEntrySerializer(serializers.ModelSerializer[StatusJournal]):
    """One reported status; EVSE 0 is the station itself."""

    class Meta:
        model = StatusJournal
        fields = (
            "received_at",
            "evse_number",
            "connector_number",
            "status",
            "status_raw",
            "error_code",
            "vendor_error_code",
            "vendor_id",
            "info",
            "station_at",
            "station_at_raw",
        )


class ConnectionEntrySerializer(serializers.ModelSerializer[ConnectionJournal]):
    """One change of a station's connection; ``happened_at`` is when it became true."""

    class Meta:
        model = ConnectionJournal
        fields = (
            "happened_at",
            "received_at",
            "kind",
            "generation",
            "bridge",
            "ocpp_version",
            "remote_address",
            "close_code",
            "reason",
        )
