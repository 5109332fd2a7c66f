"""REST: sending commands and reading what came of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.errors import ErrorSerializer
from core.api.permissions import may
from core.api.urls import address
from core.api.views import DetailView, ListView
from core.errors import InvalidInput
from stations.commands.models import FINAL_STATES, Command, CommandState
from stations.commands.selectors import commands
from stations.commands.serializers import (
    BatchRequestSerializer,
    BatchSerializer,
    CommandRequestSerializer,
    CommandSerializer,
)
from stations.commands.waiting import wait_for
from stations.hardware.models import Station
from stations.hardware.selectors import station_or_404
from stations.ocpp.api_filters import CommandApiFilter
from stations.ocpp.sending import Request, needed_permission, send, send_to_many


def _request(values: dict[str, Any]) -> Request:
    seconds = values.get("expires_in")
    return Request(
        command=values.get("command", ""),
        parameters=values.get("parameters", {}),
        action=values.get("action", ""),
        payload=values.get("payload", {}),
        reason=values.get("reason", ""),
        expires_in=timedelta(seconds=seconds) if seconds else None,
        queue_if_offline=values["queue_if_offline"],
    )


class SendingView(ListView):
    """What both ways of sending share. Sending itself needs the right of the command."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_VIEW
    serializer_class = CommandSerializer
    filterset_class = CommandApiFilter

    def wanted(self, request: ApiRequest, values: dict[str, Any]) -> Request:
        """The request, if the caller has the right that its command needs; else 403."""
        wish = _request(values)
        if not may(request, needed_permission(wish)):
            raise PermissionDenied
        return wish


class StationCommands(SendingView):
    """The commands of a station, newest first; POST sends one."""

    def rows(self) -> QuerySet[Command]:
        """Commands of the station."""
        return commands().filter(station=station_or_404(self.kwargs["ref"]))

    @extend_schema(
        request=CommandRequestSerializer,
        responses={
            200: OpenApiResponse(CommandSerializer, "Finished within wait seconds"),
            202: OpenApiResponse(CommandSerializer, "On its way"),
            403: OpenApiResponse(ErrorSerializer, "Not the caller's right"),
            404: OpenApiResponse(ErrorSerializer, "No such station"),
            409: OpenApiResponse(CommandSerializer, "Refused: the station is offline"),
            422: OpenApiResponse(ErrorSerializer, "The schema or a parameter says no"),
        },
    )
    def post(self, request: ApiRequest, ref: str) -> Response:
        """Send a command. Rejected, CALLERROR and silence of the station are still 2xx."""
        station = station_or_404(ref)
        given = CommandRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        command = send(station, self.wanted(request, given.validated_data))
        if command.state == CommandState.REFUSED_OFFLINE:
            return Response(CommandSerializer(command).data, status=409)
        seconds = given.validated_data["wait"]
        if seconds:
            command = wait_for(command, seconds)
        finished = command.state in FINAL_STATES
        return Response(CommandSerializer(command).data, status=200 if finished else 202)


class CommandList(SendingView):
    """All commands, newest first; POST sends one to many stations."""

    def rows(self) -> QuerySet[Command]:
        """Commands to the caller's stations."""
        return commands()

    @extend_schema(request=BatchRequestSerializer, responses={202: BatchSerializer})
    def post(self, request: ApiRequest) -> Response:
        """Send a command to many stations; ``wait`` is not used here."""
        given = BatchRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        batch = send_to_many(_stations(values["stations"]), self.wanted(request, values))
        shown = {
            "batch_id": batch.id,
            "commands": batch.commands,
            "refusals": [
                {
                    "station": station.identity,
                    "error": {"code": refusal.code, "message": str(refusal.message)},
                }
                for station, refusal in batch.refusals
            ],
        }
        return Response(BatchSerializer(shown).data, status=202)


def _stations(refs: list[str]) -> list[Station]:
    """The stations named, each once; InvalidInput names those that are not there."""
    condition = Q(public_id__in=refs)
    for ref in refs:
        condition |= Q(identity__iexact=ref)
    found: list[Station] = list(Station.objects.filter(condition).order_by("name", "id"))
    names = {s.public_id for s in found} | {s.identity.upper() for s in found}
    missing = [ref for ref in refs if ref not in names and ref.upper() not in names]
    if missing:
        raise InvalidInput(
            "unknown_station", "There is no station " + ", ".join(missing), field="stations"
        )
    return found


class CommandDetail(DetailView):
    """One command."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = CommandSerializer

    def get_object(self) -> Command:
        """A command to one of the caller's stations, or 404."""
        return get_object_or_404(commands(), public_id=self.kwargs["ref"])


urls = [
    address("stations/{ref}/commands", StationCommands, "station_commands"),
    address("commands", CommandList, "commands"),
    address("commands/{ref}", CommandDetail, "command"),
]
