"""REST: the history and the use of a station."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import may
from core.api.urls import address
from core.api.views import ScopedView
from stations.hardware.selectors import station_or_404
from stations.ocpp.history import KINDS, chosen, moments, oldest
from stations.ocpp.session_timeline import session_moments
from stations.sessions.models import Session
from stations.sessions.use import station_use


class MomentSerializer(serializers.Serializer[Any]):
    """Something that happened; ``url`` is the page that tells more."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()


class HistorySerializer(serializers.Serializer[Any]):
    """A page of moments, newest first; ``older`` is the ``before`` of the next page, ``oldest``
    the instant of the oldest entry of these kinds that is kept."""

    older = serializers.DateTimeField(allow_null=True)
    oldest = serializers.DateTimeField(allow_null=True)
    results = MomentSerializer(many=True)


class HistoryQuery(serializers.Serializer[Any]):
    """Which kinds, and before when."""

    kind = serializers.MultipleChoiceField(choices=[k.code for k in KINDS], required=False)
    before = serializers.DateTimeField(required=False)


class StationHistory(ScopedView):
    """Everything that happened to a station."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, many=True, enum=[k.code for k in KINDS]),
            OpenApiParameter("before", {"type": "string", "format": "date-time"}),
        ],
        responses=HistorySerializer,
    )
    def get(self, request: Request, ref: str) -> Response:
        """Statuses, connections, boots, firmware, commands, sessions and other events."""
        query = HistoryQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        before = query.validated_data.get("before", timezone.now() + timedelta(minutes=1))
        kinds = chosen(query.validated_data.get("kind", ()), partial(may, request))
        station = station_or_404(ref)
        rows, older = moments(station, kinds, before)
        found = {"older": older, "oldest": oldest(station, kinds), "results": rows}
        return Response(HistorySerializer(found).data)


class DayOfUseSerializer(serializers.Serializer[Any]):
    """One day of a station in the zone of its site."""

    day = serializers.DateField()
    sessions = serializers.IntegerField()
    energy_wh = serializers.DecimalField(max_digits=24, decimal_places=4)
    peak_w = serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)
    available = serializers.FloatField(allow_null=True)


class UseQuery(serializers.Serializer[Any]):
    """How many days back."""

    days = serializers.IntegerField(min_value=1, max_value=31, default=7)


class StationUse(ScopedView):
    """Energy, highest hour and availability of a station by day."""

    read_permission = Permission.SESSION_VIEW

    @extend_schema(
        parameters=[OpenApiParameter("days", int, description="1 to 31, 7 unless told")],
        responses=DayOfUseSerializer(many=True),
    )
    def get(self, request: Request, ref: str) -> Response:
        """Oldest first; today as far as it has come."""
        query = UseQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = station_use(station_or_404(ref), query.validated_data["days"], timezone.now())
        return Response(DayOfUseSerializer(rows, many=True).data)


class SessionTimeline(ScopedView):
    """What happened around a session: who asked, commands, statuses of its EVSE."""

    read_permission = Permission.SESSION_VIEW

    @extend_schema(responses=MomentSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """Oldest first. Commands and statuses are the network's, so its right is needed too."""
        if not may(request, Permission.NETWORK_VIEW):
            raise PermissionDenied
        rows = Session.objects.select_related("station__site")
        session = get_object_or_404(rows, public_id=ref)
        return Response(MomentSerializer(session_moments(session, timezone.now()), many=True).data)


urls = [
    address("sessions/{ref}/timeline", SessionTimeline, "session_timeline"),
    address("stations/{ref}/history", StationHistory, "station_history"),
    address("stations/{ref}/use", StationUse, "station_use"),
]
