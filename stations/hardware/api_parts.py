"""REST: EVSEs, connectors, configuration and the two journals of a station."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.pagination import JournalPages
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from stations.hardware import evses as services
from stations.hardware import selectors
from stations.hardware.api_filters import (
    ConnectorApiFilter,
    EvseApiFilter,
    StatusApiFilter,
    VariableApiFilter,
)
from stations.hardware.journal_models import ConnectionJournal, StatusJournal
from stations.hardware.models import Connector, DeviceVariable, Evse
from stations.hardware.serializers import (
    ConnectionEntrySerializer,
    ConnectorRowSerializer,
    ConnectorSerializer,
    ConnectorWriteSerializer,
    EvseRowSerializer,
    EvseWriteSerializer,
    StatusEntrySerializer,
    VariableSerializer,
)


def _evse(ref: str, number: str) -> Evse:
    station = selectors.station_or_404(ref)
    return get_object_or_404(selectors.evses(), station=station, number=int(number))


class EvseList(ListView):
    """All EVSEs with their connectors' last status."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = EvseRowSerializer
    filterset_class = EvseApiFilter

    def rows(self) -> QuerySet[Evse]:
        """EVSEs of the caller's operator."""
        return selectors.evses()


class StationEvseList(ListView):
    """The EVSEs of a station; POST adds one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = EvseRowSerializer

    def rows(self) -> QuerySet[Evse]:
        """EVSEs of the station."""
        return selectors.evses().filter(station=selectors.station_or_404(self.kwargs["ref"]))

    @extend_schema(request=EvseWriteSerializer, responses={201: EvseRowSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Add an EVSE; its connectors are added one by one."""
        station = selectors.station_or_404(ref)
        given = EvseWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        connectors = values.pop("connectors", [{"number": 1}])
        evse = services.create_evse(station=station, **values)
        for connector in connectors:
            services.create_connector(evse=evse, **connector)
        return Response(EvseRowSerializer(_evse(ref, str(evse.number))).data, status=201)


class EvseDetail(DetailView):
    """One EVSE of a station by its number; PATCH changes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = EvseRowSerializer

    def get_object(self) -> Evse:
        """The EVSE, or 404."""
        return _evse(self.kwargs["ref"], self.kwargs["number"])

    @extend_schema(request=EvseWriteSerializer, responses=EvseRowSerializer)
    def patch(self, request: Request, ref: str, number: str) -> Response:
        """Change an EVSE; its number stays."""
        evse = _evse(ref, number)
        given = EvseWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        kept = ("number", "connectors")
        changes = {k: v for k, v in given.validated_data.items() if k not in kept}
        services.change_evse(evse=evse, **changes)
        return Response(EvseRowSerializer(_evse(ref, number)).data)


class ConnectorCreation(ScopedView):
    """POST adds a connector to an EVSE."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ConnectorWriteSerializer, responses={201: ConnectorSerializer})
    def post(self, request: Request, ref: str, number: str) -> Response:
        """Add a connector."""
        evse = _evse(ref, number)
        given = ConnectorWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        connector = services.create_connector(evse=evse, **given.validated_data)
        return Response(ConnectorSerializer(connector).data, status=201)


class ConnectorDetail(DetailView):
    """One connector; PATCH changes what it is."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = ConnectorRowSerializer

    def get_object(self) -> Connector:
        """The connector, or 404."""
        evse = _evse(self.kwargs["ref"], self.kwargs["number"])
        return get_object_or_404(
            selectors.connectors(), evse=evse, number=int(self.kwargs["connector"])
        )

    @extend_schema(request=ConnectorWriteSerializer, responses=ConnectorRowSerializer)
    def patch(self, request: Request, ref: str, number: str, connector: str) -> Response:
        """Change a connector; its number and status stay."""
        row = self.get_object()
        given = ConnectorWriteSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changes = {k: v for k, v in given.validated_data.items() if k != "number"}
        services.change_connector(connector=row, **changes)
        return Response(ConnectorRowSerializer(self.get_object()).data)


class ConnectorList(ListView):
    """All connectors with their last status."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = ConnectorRowSerializer
    filterset_class = ConnectorApiFilter

    def rows(self) -> QuerySet[Connector]:
        """Connectors of the caller's operator."""
        return selectors.connectors()


class Configuration(ListView):
    """Configuration keys (1.6) and device-model values (2.x) as last reported."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = VariableSerializer
    filterset_class = VariableApiFilter

    def rows(self) -> QuerySet[DeviceVariable]:
        """Values of the station."""
        return selectors.variables(selectors.station_or_404(self.kwargs["ref"]))


class StatusEntries(ListView):
    """The status journal of a station, newest first."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = StatusEntrySerializer
    filterset_class = StatusApiFilter
    pagination_class = JournalPages

    def rows(self) -> QuerySet[StatusJournal]:
        """Entries of the station."""
        return selectors.status_journal(selectors.station_or_404(self.kwargs["ref"]))


class ConnectionEntries(ListView):
    """The connection journal of a station, newest first."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = ConnectionEntrySerializer
    pagination_class = JournalPages

    def rows(self) -> QuerySet[ConnectionJournal]:
        """Entries of the station."""
        return selectors.connection_journal(selectors.station_or_404(self.kwargs["ref"]))


_EVSE = "stations/{ref}/evses/{number}"
urls = [
    address("evses", EvseList, "evses"),
    address("connectors", ConnectorList, "connectors"),
    address("stations/{ref}/evses", StationEvseList, "station_evses"),
    address(_EVSE, EvseDetail, "evse"),
    address(_EVSE + "/connectors", ConnectorCreation, "evse_connectors"),
    address(_EVSE + "/connectors/{connector}", ConnectorDetail, "connector"),
    address("stations/{ref}/configuration", Configuration, "station_configuration"),
    address("stations/{ref}/status-journal", StatusEntries, "station_status_journal"),
    address("stations/{ref}/connection-journal", ConnectionEntries, "station_connections"),
]
