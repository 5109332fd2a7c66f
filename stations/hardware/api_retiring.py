"""REST: EVSEs and connectors out of use and back; the next free EVSE id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.urls import address
from core.api.views import ScopedView
from stations.hardware import evses, retiring, selectors
from stations.hardware.models import Connector, Evse
from stations.hardware.serializers import ConnectorRowSerializer, EvseRowSerializer


def find_evse(ref: str, number: str) -> Evse:
    """The EVSE of the caller's operator, or 404."""
    station = selectors.station_or_404(ref)
    return get_object_or_404(selectors.evses(), station=station, number=int(number))


class EvseAction(ScopedView):
    """POST with a reason; answers with the EVSE."""

    write_permission = Permission.NETWORK_EDIT
    service: ClassVar[Callable[..., Any]]

    @extend_schema(request=ReasonSerializer, responses=EvseRowSerializer)
    def post(self, request: Request, ref: str, number: str) -> Response:
        """Do it; 409 where a rule says no."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        type(self).service(evse=find_evse(ref, number), **given.validated_data)
        return Response(EvseRowSerializer(find_evse(ref, number)).data)


class EvseRetirement(EvseAction):
    """POST takes an EVSE out of use."""

    service = staticmethod(retiring.retire_evse)


class EvseReinstatement(EvseAction):
    """POST takes an EVSE back into use."""

    service = staticmethod(retiring.reinstate_evse)


class EvsePublicId(EvseAction):
    """POST gives an EVSE without public id the next free one of the operator."""

    service = staticmethod(evses.give_public_id)


class ConnectorAction(ScopedView):
    """POST with a reason; answers with the connector."""

    write_permission = Permission.NETWORK_EDIT
    service: ClassVar[Callable[..., Any]]

    @extend_schema(request=ReasonSerializer, responses=ConnectorRowSerializer)
    def post(self, request: Request, ref: str, number: str, connector: str) -> Response:
        """Do it; 409 where a rule says no."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rows = selectors.connectors().filter(evse=find_evse(ref, number))
        row: Connector = get_object_or_404(rows, number=int(connector))
        row = type(self).service(connector=row, **given.validated_data)
        return Response(ConnectorRowSerializer(row).data)


class ConnectorRetirement(ConnectorAction):
    """POST takes a connector out of use."""

    service = staticmethod(retiring.retire_connector)


class ConnectorReinstatement(ConnectorAction):
    """POST takes a connector back into use."""

    service = staticmethod(retiring.reinstate_connector)


_EVSE = "stations/{ref}/evses/{number}"
_CONNECTOR = _EVSE + "/connectors/{connector}"
urls = [
    address(_EVSE + "/retire", EvseRetirement, "evse_retire"),
    address(_EVSE + "/reinstate", EvseReinstatement, "evse_reinstate"),
    address(_EVSE + "/public-id", EvsePublicId, "evse_public_id"),
    address(_CONNECTOR + "/retire", ConnectorRetirement, "connector_retire"),
    address(_CONNECTOR + "/reinstate", ConnectorReinstatement, "connector_reinstate"),
]
