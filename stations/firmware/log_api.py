"""REST: logs of stations."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.firmware import logs as services
from stations.firmware.log_lists import LogFilter, logs
from stations.firmware.log_models import LogKind, StationLog
from stations.firmware.log_views import content_of, log_or_404
from stations.hardware.models import Station


class LogSerializer(serializers.ModelSerializer[StationLog]):
    """A log that was asked for; its bytes are at ``station-logs/{id}/content``."""

    id = serializers.CharField(source="public_id")
    station = serializers.CharField(source="station.public_id")

    class Meta:
        model = StationLog
        fields = (
            "id", "station", "kind", "state", "why", "word", "reason", "asked_label", "asked_at",
            "oldest_at", "latest_at", "command_ref", "expires_at", "keep_days", "name",
            "size_bytes", "sha256", "received_at", "delete_after_at", "ended_at",
        )  # fmt: skip


class LogWriteSerializer(Input):
    """Which log of which station (public id)."""

    station = serializers.CharField(max_length=24)
    kind = serializers.ChoiceField(choices=LogKind.choices, default=LogKind.DIAGNOSTICS)
    reason = serializers.CharField(max_length=500)
    oldest_at = serializers.DateTimeField(required=False, allow_null=True)
    latest_at = serializers.DateTimeField(required=False, allow_null=True)
    keep_days = serializers.IntegerField(default=30)


class LogReasonSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


class LogList(ListView):
    """All logs; POST asks for one."""

    read_permission = Permission.LOG_FETCH
    write_permission = Permission.LOG_FETCH
    serializer_class = LogSerializer
    filterset_class = LogFilter

    def rows(self) -> QuerySet[StationLog]:
        """Of the sites that the caller may see."""
        return logs()

    @extend_schema(request=LogWriteSerializer, responses={201: LogSerializer})
    def post(self, request: Request) -> Response:
        """Ask a connected station to send a log."""
        given = LogWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        station = Station.objects.filter(public_id=values.pop("station")).first()
        if station is None:
            raise InvalidInput("station", _("There is no station with this id."), field="station")
        made = services.ask_for_log(station=station, **values)
        return Response(LogSerializer(made).data, status=201)


class LogDetail(DetailView):
    """One log; DELETE removes its file."""

    read_permission = Permission.LOG_FETCH
    write_permission = Permission.LOG_FETCH
    serializer_class = LogSerializer

    def get_object(self) -> StationLog:
        """The caller's own, or 404."""
        return log_or_404(self.kwargs["ref"])

    @extend_schema(request=LogReasonSerializer, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """The file goes; the row stays."""
        log = self.get_object()
        given = LogReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.delete_log(log=log, reason=given.validated_data["reason"])
        return Response(status=204)


class LogContent(ScopedView):
    """The file of a log."""

    read_permission = Permission.LOG_FETCH

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, ref: str) -> HttpResponse:
        """As it came; 404 where there is none."""
        return content_of(log_or_404(ref))


urls = [
    address("station-logs", LogList, "station_logs"),
    address("station-logs/{ref}", LogDetail, "station_log"),
    address("station-logs/{ref}/content", LogContent, "station_log_content"),
]
