"""REST: sessions, their readings, and closing one by hand."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.fields import ObjectField, ReasonSerializer
from core.api.inputs import Input
from core.api.pagination import CursorPages
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from stations.hardware.catalogue.models import HardwareModel
from stations.hardware.models import Station
from stations.hardware.selectors import station_or_404
from stations.hardware.services import change_quirks
from stations.sessions import closing, selectors
from stations.sessions.api_filters import SessionApiFilter
from stations.sessions.models import MeterReading, Session, SessionState
from stations.sessions.place_class import place_class_of
from stations.sessions.rereading import reread_sessions
from stations.sessions.snapshots import shown_to

EMBEDDED_READINGS = 1000


class ReadingSerializer(serializers.ModelSerializer[MeterReading]):
    """One sampled value in base units (Wh, W, A, V, Percent); names are OCPP's."""

    class Meta:
        model = MeterReading
        fields = (
            "at",
            "received_at",
            "measurand",
            "phase",
            "location",
            "context",
            "unit",
            "value",
            "raw",
        )


class SessionSerializer(serializers.ModelSerializer[Session]):
    """A session. ``stop_reason`` is OCPP's word; ``id_token`` as the station sent it."""

    id = serializers.CharField(source="public_id")
    station = serializers.CharField(source="station.identity")
    station_id = serializers.CharField(source="station.public_id")
    evse_id = serializers.CharField(source="evse.public_id", allow_null=True, default=None)
    is_open = serializers.SerializerMethodField()
    token_snapshot = serializers.SerializerMethodField()
    place_class = serializers.SerializerMethodField()

    class Meta:
        model = Session
        fields = (
            "id",
            "station",
            "station_id",
            "evse_number",
            "connector_number",
            "evse_id",
            "ocpp_version",
            "ocpp_transaction_id",
            "state",
            "is_open",
            "id_token",
            "id_token_type",
            "token_snapshot",
            "place_class",
            "authorised",
            "started_at",
            "stopped_at",
            "first_received_at",
            "last_fact_at",
            "meter_start_wh",
            "register_wh",
            "energy_wh",
            "power_w",
            "soc_percent",
            "charging_state",
            "stop_reason",
            "is_offline",
            "reservation_number",
            "remote_start_id",
            "findings",
            "is_held",
            "reconciled_at",
        )

    def get_place_class(self, session: Session) -> str:
        """What the place was when the session began: home, workplace, depot, public, or empty."""
        return place_class_of(session)

    @extend_schema_field(ObjectField)
    def get_token_snapshot(self, session: Session) -> dict[str, Any]:
        """What was known of the token; people in it only for those who may see drivers."""
        return shown_to(self.context.get("request"), session.token_snapshot)

    def get_is_open(self, session: Session) -> bool:
        """Whether the session runs."""
        return session.state == SessionState.ACTIVE


class SessionDetailSerializer(SessionSerializer):
    """A session with its intervals and the first thousand readings."""

    readings = serializers.SerializerMethodField()

    class Meta(SessionSerializer.Meta):
        fields = (*SessionSerializer.Meta.fields, "intervals", "readings")  # type: ignore[assignment]  # a longer tuple

    @extend_schema_field(ReadingSerializer(many=True))
    def get_readings(self, session: Session) -> list[dict[str, Any]]:
        """Readings by time; the rest stands at ``readings/``."""
        rows = selectors.readings(session)[:EMBEDDED_READINGS]
        shown: list[dict[str, Any]] = [dict(row) for row in ReadingSerializer(rows, many=True).data]
        return shown


class SessionList(ListView):
    """Sessions, newest first."""

    read_permission = Permission.SESSION_VIEW
    serializer_class = SessionSerializer
    filterset_class = SessionApiFilter

    def rows(self) -> QuerySet[Session]:
        """Sessions of the caller's operator."""
        return selectors.sessions()


class SessionDetail(DetailView):
    """One session with its readings."""

    read_permission = Permission.SESSION_VIEW
    serializer_class = SessionDetailSerializer

    def get_object(self) -> Session:
        """The caller's own session, or 404."""
        return get_object_or_404(selectors.sessions(), public_id=self.kwargs["ref"])


class SessionReadings(ListView):
    """The readings of a session in the order of their time."""

    read_permission = Permission.SESSION_VIEW
    serializer_class = ReadingSerializer
    pagination_class = CursorPages

    def rows(self) -> QuerySet[MeterReading]:
        """Readings of the session."""
        session = get_object_or_404(selectors.sessions(), public_id=self.kwargs["ref"])
        return selectors.readings(session)


class SessionClosing(ScopedView):
    """POST closes a session whose end will never come."""

    write_permission = Permission.SESSION_CLOSE

    @extend_schema(request=ReasonSerializer, responses=SessionSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Close a session; 409 when it has ended already. The station is told nothing."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        session = get_object_or_404(selectors.sessions(), public_id=ref)
        session = closing.close_session(session=session, **given.validated_data)
        return Response(SessionSerializer(session).data)


class QuirksSerializer(Input):
    """What a station gets wrong about its meter (docs/reconciliation.md names the members)."""

    quirks = ObjectField()
    reason = serializers.CharField(max_length=500, required=False, default="")


class StationQuirks(ScopedView):
    """PUT says what a station gets wrong, so that its sessions are read rightly."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=QuirksSerializer, responses=QuirksSerializer)
    def put(self, request: Request, ref: str) -> Response:
        """Replace the station's quirks; 422 for one that nobody knows."""
        given = QuirksSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        station = station_or_404(ref)
        station = change_quirks(station=station, **given.validated_data)
        return Response({"quirks": station.quirks, "reason": given.validated_data["reason"]})


class RereadSerializer(Input):
    """From when on, and why."""

    since = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)


class RereadResultSerializer(serializers.Serializer[Any]):
    """How many sessions are read again."""

    sessions = serializers.IntegerField()


class StationReread(ScopedView):
    """POST reads sessions of a station again, with the quirks that are known now."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=RereadSerializer, responses=RereadResultSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Mark them; the worker does it within seconds."""
        station = station_or_404(ref)
        given = RereadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        count = reread_sessions(stations=[station], **given.validated_data)
        return Response({"sessions": count})


class ModelReread(ScopedView):
    """POST reads sessions of all stations of a model again."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=RereadSerializer, responses=RereadResultSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Mark them; the worker does it within seconds."""
        model = get_object_or_404(HardwareModel.objects.all(), public_id=ref)
        given = RereadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rows = Station.objects.filter(hardware_model=model).order_by("id")
        return Response({"sessions": reread_sessions(stations=rows, **given.validated_data)})


urls = [
    address("stations/{ref}/reread", StationReread, "station_reread"),
    address("catalogue/{ref}/reread", ModelReread, "model_reread"),
    address("stations/{ref}/quirks", StationQuirks, "station_quirks"),
    address("sessions", SessionList, "sessions"),
    address("sessions/{ref}", SessionDetail, "session"),
    address("sessions/{ref}/readings", SessionReadings, "session_readings"),
    address("sessions/{ref}/close", SessionClosing, "session_close"),
]
