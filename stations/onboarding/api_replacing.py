"""REST: the units of a station, and replacing one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.errors import InvalidInput
from stations.hardware import selectors
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.serializers import CreatedStationSerializer
from stations.hardware.unit_models import HardwareUnit, UnitFate
from stations.onboarding import replacing


class UnitSerializer(serializers.ModelSerializer[HardwareUnit]):
    """A unit that was taken out of a station."""

    class Meta:
        model = HardwareUnit
        fields = (
            "id", "identity", "vendor", "model", "serial_number", "firmware_version",
            "installed_at", "removed_at", "fate", "reason",
        )  # fmt: skip


class MoveSerializer(Input):
    """Where a unit is now, and why."""

    fate = serializers.ChoiceField(choices=UnitFate.choices)
    reason = serializers.CharField(max_length=500)


class ReplaceSerializer(MoveSerializer):
    """The new unit; ``fate`` is where the old one goes. ``hardware_model``: of the catalogue."""

    identity = serializers.CharField(max_length=48)
    serial_number = serializers.CharField(max_length=64, required=False, allow_blank=True)
    hardware_model = serializers.CharField(max_length=24, required=False, allow_blank=True)
    password = serializers.CharField(
        max_length=64, required=False, trim_whitespace=False, write_only=True
    )


class UnitList(ListView):
    """Units that were taken out of a station, the latest first."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = UnitSerializer

    def rows(self) -> QuerySet[HardwareUnit]:
        """Units of the station."""
        station = selectors.station_or_404(self.kwargs["ref"])
        return HardwareUnit.objects.filter(station=station).order_by("-removed_at", "-id")


class UnitMove(ScopedView):
    """POST says where a removed unit is now."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=MoveSerializer, responses=UnitSerializer)
    def post(self, request: Request, ref: str, number: str) -> Response:
        """Change where it is."""
        rows = HardwareUnit.objects.filter(station=selectors.station_or_404(ref))
        unit = get_object_or_404(rows, pk=int(number))
        given = MoveSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(UnitSerializer(replacing.move_unit(unit=unit, **given.validated_data)).data)


class StationReplacement(ScopedView):
    """POST puts another unit behind a station."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReplaceSerializer, responses=CreatedStationSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Replace the unit. The new password is shown this once."""
        station = selectors.station_or_404(ref)
        given = ReplaceSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        values["hardware_model"] = _model(values.pop("hardware_model", ""))
        station, password = replacing.replace_station(station=station, **values)
        shown = get_object_or_404(selectors.stations(), pk=station.pk)
        shown.password = password  # type: ignore[attr-defined]  # for its serializer, once
        return Response(CreatedStationSerializer(shown).data)


def _model(public_id: str) -> HardwareModel | None:
    if not public_id:
        return None
    found: HardwareModel | None = HardwareModel.objects.filter(public_id=public_id).first()
    if found is None:
        raise InvalidInput("unknown_model", "There is no such model.", field="hardware_model")
    return found


urls = [
    address("stations/{ref}/units", UnitList, "station_units"),
    address("stations/{ref}/units/{number}/move", UnitMove, "unit_move"),
    address("stations/{ref}/replace", StationReplacement, "station_replace"),
]
