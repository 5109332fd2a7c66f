"""Bodies and answers of the API of tariffs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from billing.tariffs.difference import difference
from billing.tariffs.models import Tariff, TariffAssignment, TariffVersion
from core.api.fields import ObjectField
from core.api.inputs import Input
from stations.hardware.choices import ConnectorType


class TariffSerializer(serializers.ModelSerializer[Tariff]):
    """A tariff; ``version`` is the one in force, ``assignments`` how many hold now."""

    id = serializers.CharField(source="public_id")
    status = serializers.CharField(source="shown_status")
    version = serializers.IntegerField(source="version_number", allow_null=True)
    changes_at = serializers.DateTimeField(allow_null=True)
    has_draft = serializers.BooleanField()
    assignments = serializers.IntegerField(source="place_count")

    class Meta:
        model = Tariff
        fields = (
            "id",
            "name",
            "status",
            "currency",
            "is_tax_included",
            "version",
            "changes_at",
            "has_draft",
            "assignments",
            "note",
            "retired_at",
            "created_at",
            "updated_at",
        )


class VersionSerializer(serializers.ModelSerializer[TariffVersion]):
    """A version with its document (OCPI 2.3.0 with our terms under ``extras``)."""

    tariff = serializers.CharField(source="tariff_ref")
    document = serializers.DictField()
    sha256 = serializers.CharField(source="digest")

    class Meta:
        model = TariffVersion
        fields = (
            "tariff",
            "number",
            "state",
            "document",
            "sha256",
            "takes_effect_at",
            "published_at",
            "published_by",
            "retired_at",
            "note",
            "created_at",
            "updated_at",
        )


class ChangeSerializer(serializers.Serializer[Any]):
    """One value that differs between two versions."""

    path = serializers.CharField(source="key")
    before = serializers.CharField()
    after = serializers.CharField()


class DifferenceSerializer(serializers.Serializer[Any]):
    """What a version changed from the one before."""

    before = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField()
    changes = ChangeSerializer(many=True)


def shown_difference(before: TariffVersion | None, after: TariffVersion) -> dict[str, Any]:
    """For ``DifferenceSerializer``."""
    return {
        "before": before.number if before else None,
        "after": after.number,
        "changes": difference(before.document if before else {}, after.document),
    }


class TariffCreateSerializer(Input):
    """A new tariff: an OCPI tariff object of 2.2.1 or 2.3.0; currency and VAT basis are its."""

    name = serializers.CharField(max_length=100)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    document = ObjectField()
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class TariffChangeSerializer(Input):
    """Name and note."""

    name = serializers.CharField(max_length=100, required=False)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


class DraftSerializer(Input):
    """What the next version is to say; ``seen``: the SHA-256 of what the writer started from."""

    document = ObjectField()
    seen = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PublishSerializer(Input):
    """From when (nothing: now); ``sha256``: of the draft that was looked at."""

    takes_effect_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    sha256 = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    accepts_short_notice = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class WhySerializer(Input):
    """Why; needed."""

    reason = serializers.CharField(max_length=500)


class PreviewInputSerializer(Input):
    """A tariff that is not stored."""

    document = ObjectField()


class ExampleSerializer(serializers.Serializer[Any]):
    """One example: power, minutes of charging and after it, and what it costs."""

    power_w = serializers.IntegerField(source="example.power_w")
    charging_minutes = serializers.IntegerField(source="example.charging_minutes")
    idle_minutes = serializers.IntegerField(source="example.idle_minutes")
    before_taxes = serializers.DecimalField(max_digits=60, decimal_places=6, allow_null=True)
    after_taxes = serializers.DecimalField(max_digits=60, decimal_places=6, allow_null=True)
    note = serializers.CharField()


class PreviewSerializer(serializers.Serializer[Any]):
    """A tariff in words, with warnings, what AFIR says of it, and priced examples."""

    lines = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())
    ad_hoc = serializers.ListField(child=serializers.CharField())
    examples = ExampleSerializer(many=True)
    spot_note = serializers.CharField()


class AssignmentSerializer(serializers.ModelSerializer[TariffAssignment]):
    """Where a tariff holds; no place: the whole network."""

    id = serializers.CharField(source="public_id")
    tariff = serializers.CharField(source="tariff.public_id")
    tariff_name = serializers.CharField(source="tariff.name")
    status = serializers.CharField(source="shown_status")
    site = serializers.CharField(source="site.public_id", default=None)
    station = serializers.SerializerMethodField()
    evse_number = serializers.IntegerField(source="evse.number", default=None)
    price_group = serializers.CharField(source="price_group.public_id", default=None)

    class Meta:
        model = TariffAssignment
        fields = (
            "id",
            "tariff",
            "tariff_name",
            "status",
            "site",
            "station",
            "evse_number",
            "connector_type",
            "price_group",
            "valid_from_at",
            "valid_to_at",
            "created_at",
        )

    def get_station(self, row: TariffAssignment) -> str | None:
        """The station, also of an EVSE."""
        station = row.evse.station if row.evse is not None else row.station
        return station.public_id if station is not None else None


class AssignSerializer(Input):
    """Where and when a tariff is to hold; ``evse_number`` is one of ``station``."""

    tariff = serializers.CharField(max_length=24)
    site = serializers.CharField(max_length=24, required=False, allow_null=True, default=None)
    station = serializers.CharField(max_length=24, required=False, allow_null=True, default=None)
    evse_number = serializers.IntegerField(
        min_value=1, required=False, allow_null=True, default=None
    )
    connector_type = serializers.ChoiceField(
        choices=ConnectorType.choices, required=False, allow_blank=True, default=""
    )
    price_group = serializers.CharField(
        max_length=24, required=False, allow_null=True, default=None
    )
    valid_from_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    valid_to_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    accepts_short_notice = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class EndSerializer(Input):
    """When an assignment is to end (nothing: now)."""

    valid_to_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
