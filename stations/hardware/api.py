"""REST: stations, their passwords and retirement."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.hardware import evses as evse_services
from stations.hardware import selectors, services
from stations.hardware.api_filters import StationApiFilter
from stations.hardware.api_parts import urls as part_urls
from stations.hardware.api_retiring import urls as retiring_urls
from stations.hardware.models import Station
from stations.hardware.serializers import (
    CreatedStationSerializer,
    PasswordSerializer,
    PasswordWriteSerializer,
    StationChangeSerializer,
    StationCreateSerializer,
    StationSerializer,
)
from stations.sites.models import Site


def _site(public_id: str) -> Site:
    site: Site | None = Site.objects.filter(public_id=public_id).first()
    if site is None:
        raise InvalidInput("unknown_site", "There is no site with this id.", field="site")
    return site


def _full(station: Station) -> Station:
    """The station with everything that its serializer shows."""
    return get_object_or_404(selectors.stations(), pk=station.pk)


class StationList(ListView):
    """All stations with their connectors' last status; POST creates one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = StationSerializer
    filterset_class = StationApiFilter

    def rows(self) -> QuerySet[Station]:
        """Stations of the caller's operator."""
        return selectors.stations()

    @extend_schema(request=StationCreateSerializer, responses={201: CreatedStationSerializer})
    def post(self, request: Request) -> Response:
        """Create a station, with its EVSEs if given. The password is shown this once."""
        given = StationCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        parts = values.pop("evses", [])
        with transaction.atomic():
            site = _site(values.pop("site"))
            station, password = services.create_station(site=site, **values)
            for part in parts:
                _add_evse(station, {**part})
        shown = _full(station)
        shown.password = password  # type: ignore[attr-defined]  # for its serializer, once
        return Response(CreatedStationSerializer(shown).data, status=201)


def _add_evse(station: Station, values: dict[str, Any]) -> None:
    connectors = values.pop("connectors", [{"number": 1}])
    evse = evse_services.create_evse(station=station, **values)
    for connector in connectors:
        evse_services.create_connector(evse=evse, **connector)


class StationDetail(DetailView):
    """One station by socket identity or public id; PATCH changes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = StationSerializer

    def get_object(self) -> Station:
        """The caller's own station, or 404."""
        return _full(selectors.station_or_404(self.kwargs["ref"]))

    @extend_schema(request=StationChangeSerializer, responses=StationSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a station."""
        station = selectors.station_or_404(ref)
        given = StationChangeSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changes: dict[str, Any] = {**given.validated_data}
        if "site" in changes:
            changes["site"] = _site(changes["site"])
        return Response(
            StationSerializer(_full(services.change_station(station=station, **changes))).data
        )


class StationRetirement(ScopedView):
    """POST retires a station: it may not connect any more."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReasonSerializer, responses=StationSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Retire a station with its EVSEs."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        station = selectors.station_or_404(ref)
        services.retire_station(station=station, **given.validated_data)
        return Response(StationSerializer(_full(station)).data)


class StationReinstatement(ScopedView):
    """POST takes a retired station back into use."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReasonSerializer, responses=StationSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Reinstate a station with the EVSEs that were retired with it."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        station = selectors.station_or_404(ref)
        services.reinstate_station(station=station, **given.validated_data)
        return Response(StationSerializer(_full(station)).data)


class StationPassword(ScopedView):
    """POST gives a station a new password."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=PasswordWriteSerializer, responses=PasswordSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Set or make a password and show it this once."""
        given = PasswordWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        station = selectors.station_or_404(ref)
        password = services.set_password(station=station, **given.validated_data)
        return Response({"password": password})


urls = [
    address("stations", StationList, "stations"),
    address("stations/{ref}", StationDetail, "station"),
    address("stations/{ref}/retire", StationRetirement, "station_retire"),
    address("stations/{ref}/reinstate", StationReinstatement, "station_reinstate"),
    address("stations/{ref}/password", StationPassword, "station_password"),
    *part_urls,
    *retiring_urls,
]
