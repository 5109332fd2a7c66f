"""REST: planned stations of a site, and adding them."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.models import User
from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import ScopedView
from planning.building import services
from planning.building.credentials import credentials_of
from planning.building.models import PlannedStation
from planning.building.selectors import planned_of
from planning.building.services import Wanted
from stations.hardware.choices import SecurityProfile
from stations.onboarding.forms import VERSIONS
from stations.sites.models import Site


class PlannedStationSerializer(serializers.ModelSerializer[PlannedStation]):
    """A station that a plan wants. ``station``: what was built of it."""

    id = serializers.CharField(source="public_id")
    station = serializers.CharField(source="station.public_id", default=None, allow_null=True)

    class Meta:
        model = PlannedStation
        fields = (
            "id", "number", "evses", "power_w", "current_type", "connector_type", "station",
            "created_at", "built_at",
        )  # fmt: skip


class WantedSerializer(Input):
    """A planned station that has come. ``hardware_model``: its EVSEs count instead of the planned
    ones."""

    planned = serializers.CharField(max_length=24)
    identity = serializers.CharField(max_length=48)
    name = serializers.CharField(max_length=120, required=False)
    hardware_model = serializers.CharField(max_length=24, required=False)


class AddStationsSerializer(Input):
    """The planned stations that have come, and how they connect."""

    stations = WantedSerializer(many=True, allow_empty=False)
    version = serializers.ChoiceField(choices=VERSIONS, required=False)
    security_profile = serializers.ChoiceField(choices=SecurityProfile.choices, required=False)


class AddedStationSerializer(serializers.Serializer[Any]):
    """A station that was added. ``password``: this once; empty where none is used, or when it was
    shown before."""

    planned = serializers.CharField()
    station = serializers.CharField()
    name = serializers.CharField()
    identity = serializers.CharField()
    address = serializers.CharField()
    password = serializers.CharField(allow_blank=True)
    subprotocol = serializers.CharField()


class SitePlannedStations(ScopedView):
    """What is planned for a site; POST adds what has come."""

    read_permission = Permission.PLANNING_VIEW
    write_permission = Permission.NETWORK_EDIT

    @extend_schema(responses=PlannedStationSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """All of them, built or not."""
        site = get_object_or_404(Site, public_id=ref)
        return Response(PlannedStationSerializer(planned_of(site), many=True).data)

    @extend_schema(
        request=AddStationsSerializer, responses={201: AddedStationSerializer(many=True)}
    )
    def post(self, request: Request, ref: str) -> Response:
        """All of them or none; what was added before comes back as it is."""
        site = get_object_or_404(Site, public_id=ref)
        given = AddStationsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        added = services.add_stations(
            site=site,
            wanted=[Wanted(**one) for one in values["stations"]],
            version=values.get("version", VERSIONS[0][0]),
            security_profile=values.get("security_profile", SecurityProfile.BASIC),
            by=request.user if isinstance(request.user, User) else None,
        )
        rows = [
            credentials_of(one)
            | {"planned": one.planned.public_id, "station": one.station.public_id}
            for one in added
        ]
        return Response(AddedStationSerializer(rows, many=True).data, status=201)


urls = [
    address("sites/{ref}/planned-stations", SitePlannedStations, "site_planned_stations"),
]
