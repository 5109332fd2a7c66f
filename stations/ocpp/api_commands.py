"""REST: sending commands and reading what came of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
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
from stations.commands.models import FINAL_STATES, Command, CommandState
from stations.commands.selectors import commands
from stations.commands.serializers import (
    BatchRequestSerializer,
    BatchSerializer,
    CommandRequestSerializer,
    CommandSerializer,
)
from stations.commands.waiting import wait_for
from stations.hardware.selectors import station_or_404, stations_named
from stations.ocpp.api_filters import CommandApiFilter
from stations.ocpp.sending import Batch, Request, needed_permission, send, send_to_many


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


def batch_as_shown(batch: Batch) -> dict[str, Any]:
    """Commands that were asked for together, as ``BatchSerializer`` takes them."""
    return {
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
        batch = send_to_many(stations_named(values["stations"]), self.wanted(request, values))
        return Response(BatchSerializer(batch_as_shown(batch)).data, status=202)


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
