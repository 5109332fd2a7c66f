"""REST: a quarter of EV-ChART as figures with their intervals, and as the files."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from core.errors import InvalidInput
from stations.uptime.evchart.files import produce
from stations.uptime.evchart.forms import EvChartForm
from stations.uptime.evchart.modules import HEADERS, Piece, outage_row, uptime_row
from stations.uptime.evchart.selectors import PortQuarter, port_quarters

_PARAMETERS = [OpenApiParameter(name, str) for name in ("quarter", "site", "network_provider")]


class EvChartOutageSerializer(serializers.Serializer[Any]):
    """One row of module 4, and the outages that tell of it."""

    outage_id = serializers.CharField()
    outage_duration = serializers.CharField()
    excluded_outage = serializers.CharField()
    excluded_outage_reason = serializers.CharField()
    excluded_outage_notes = serializers.CharField()
    outages = serializers.ListField(child=serializers.CharField())


class EvChartPortSerializer(serializers.Serializer[Any]):
    """One port: its row of module 3, and its rows of module 4."""

    station_id = serializers.CharField()
    port_id = serializers.CharField()
    network_provider = serializers.CharField()
    uptime_reporting_start = serializers.CharField()
    uptime_reporting_end = serializers.CharField()
    uptime = serializers.CharField(allow_blank=True)
    total_outage = serializers.CharField()
    total_outage_excl = serializers.CharField()
    outages = EvChartOutageSerializer(many=True, read_only=True)


def _asked(request: Request) -> dict[str, Any]:
    form = EvChartForm(request.query_params, operator=operator_of(request))
    if not form.is_valid():
        name, found = next(iter(form.errors.items()))
        raise InvalidInput("bad_query", " ".join(map(str, found)), field=name)
    return form.asked()


class EvChartView(ScopedView):
    """Ports of a quarter with their figures."""

    read_permission = Permission.REPORT_VIEW

    @extend_schema(parameters=_PARAMETERS, responses=EvChartPortSerializer(many=True))
    def get(self, request: Request) -> Response:
        """A quarter as 2026-Q3; without one the last that is over."""
        rows = [_port(one) for one in port_quarters(**_asked(request))]
        return Response(EvChartPortSerializer(rows, many=True).data)


def _port(port: PortQuarter) -> dict[str, Any]:
    row: dict[str, Any] = dict(
        zip(HEADERS[3], uptime_row(port.ids, port.year, port.figures), strict=True)
    )
    row["outages"] = [_outage(port, piece) for piece in port.pieces]
    return row


def _outage(port: PortQuarter, piece: Piece) -> dict[str, Any]:
    values = outage_row(port.ids, piece, port.note(piece))
    sources = [one.public_id for one in port.sources(piece)]
    return dict(zip(HEADERS[4], values, strict=True)) | {"outages": sources}


class EvChartSessions(ScopedView):
    """The file of module 2, as the intake takes it: sessions."""

    read_permission = Permission.REPORT_VIEW
    module = 2

    @extend_schema(parameters=_PARAMETERS, responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """A quarter as 2026-Q3; without one the last that is over."""
        made = produce(module=self.module, **_asked(request))
        with made.content as file:
            answer = HttpResponse(file.read(), content_type=made.content_type)
        answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
        return answer


class EvChartUptime(EvChartSessions):
    """The file of module 3: uptime of twelve months."""

    module = 3


class EvChartOutages(EvChartSessions):
    """The file of module 4: outages of the quarter."""

    module = 4


urls = [
    address("ev-chart", EvChartView, "ev_chart"),
    address("ev-chart/sessions", EvChartSessions, "ev_chart_sessions"),
    address("ev-chart/uptime", EvChartUptime, "ev_chart_uptime"),
    address("ev-chart/outages", EvChartOutages, "ev_chart_outages"),
]
