"""Templates, desired values and their history as the API shows and takes them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.fields import ReasonSerializer
from stations.configuration.models import (
    ConfigurationTemplate,
    DesiredValue,
    TemplateValue,
    TemplateVersion,
)
from stations.configuration.words import explained
from stations.hardware.journal_models import ValueChange


class TemplateValueSerializer(serializers.ModelSerializer[TemplateValue]):
    """A key and its value."""

    class Meta:
        model = TemplateValue
        fields = ("key", "value")


class TemplateSerializer(serializers.ModelSerializer[ConfigurationTemplate]):
    """A configuration template."""

    values = TemplateValueSerializer(many=True)
    sites = serializers.SerializerMethodField()
    stations = serializers.SerializerMethodField()
    value_count = serializers.IntegerField(read_only=True)
    station_count = serializers.IntegerField(read_only=True)
    drift_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = ConfigurationTemplate
        fields = (
            "id",
            "name",
            "ocpp_version",
            "vendor",
            "model",
            "firmware",
            "priority",
            "is_active",
            "reapplies",
            "note",
            "values",
            "sites",
            "stations",
            "value_count",
            "station_count",
            "drift_count",
            "created_at",
            "updated_at",
        )

    def get_sites(self, row: ConfigurationTemplate) -> list[str]:
        """Public ids of the sites it is confined to."""
        return [t.site.public_id for t in row.targets.all() if t.site is not None]

    def get_stations(self, row: ConfigurationTemplate) -> list[str]:
        """Public ids of the stations it is confined to."""
        return [t.station.public_id for t in row.targets.all() if t.station is not None]


class ValueWriteSerializer(serializers.Serializer[Any]):
    """A key and the value that is desired."""

    key = serializers.CharField(max_length=320)
    value = serializers.CharField(max_length=2500, allow_blank=True)


class TemplateWriteSerializer(ReasonSerializer):
    """What a template may be given; ``sites`` and ``stations`` by public id."""

    name = serializers.CharField(max_length=100)
    ocpp_version = serializers.ChoiceField(choices=TemplateVersion.choices)
    vendor = serializers.CharField(max_length=64, required=False, allow_blank=True)
    model = serializers.CharField(max_length=64, required=False, allow_blank=True)
    firmware = serializers.CharField(max_length=64, required=False, allow_blank=True)
    priority = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    is_active = serializers.BooleanField(required=False)
    reapplies = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    values = ValueWriteSerializer(many=True, required=False)
    sites = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    stations = serializers.ListField(child=serializers.CharField(max_length=48), required=False)


class DesiredSerializer(serializers.ModelSerializer[DesiredValue]):
    """A desired value beside the actual one. ``state``: in_step, drift, unknown, refused,
    read_only, reboot."""

    station = serializers.CharField(source="station.identity")
    desired = serializers.CharField(source="value")
    template = serializers.CharField(source="template.name", default=None, allow_null=True)
    explanation = serializers.SerializerMethodField()
    command = serializers.CharField(source="command.public_id", default=None, allow_null=True)

    class Meta:
        model = DesiredValue
        fields = (
            "station",
            "key",
            "desired",
            "actual",
            "state",
            "origin",
            "template",
            "explanation",
            "since_at",
            "told_at",
            "is_pending",
            "attempted_at",
            "answer",
            "command",
        )

    @extend_schema_field(str)
    def get_explanation(self, row: DesiredValue) -> str:
        """Who decides, and whom it overrules."""
        return explained(row)


class OwnValueSerializer(ReasonSerializer):
    """A value for one station; null gives its own value up."""

    key = serializers.CharField(max_length=320)
    value = serializers.CharField(max_length=2500, allow_blank=True, allow_null=True)


class ApplySerializer(ReasonSerializer):
    """Which stations are to get what is desired of them."""

    stations = serializers.ListField(
        child=serializers.CharField(max_length=48), min_length=1, max_length=2000
    )
    keys = serializers.ListField(
        child=serializers.CharField(max_length=320), required=False, max_length=500
    )
    template = serializers.IntegerField(required=False, min_value=1)
    queue_if_offline = serializers.BooleanField(default=False)


class ValueChangeSerializer(serializers.ModelSerializer[ValueChange]):
    """One value that a key took. ``source``: report, answer, command."""

    command = serializers.CharField(source="command_ref")

    class Meta:
        model = ValueChange
        fields = ("id", "at", "key", "attribute", "value", "source", "command")
