"""REST: the reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
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
from core.files.serving import pdf_response
from portal.reports.connections import stations_report
from portal.reports.energy import energy_report
from portal.reports.forms import EnergyForm, StationsForm, UtilisationForm
from portal.reports.uptime_pdf import uptime_name, uptime_pdf
from portal.reports.utilisation import utilisation_report
from stations.uptime.forms import UptimeForm

SITE = OpenApiParameter("site", str, description="Public id of a site")
PERIOD = (
    OpenApiParameter("from_on", {"type": "string", "format": "date"}, description="First day"),
    OpenApiParameter("to_on", {"type": "string", "format": "date"}, description="Last day"),
    SITE,
)


class EnergyRowSerializer(serializers.Serializer[Any]):
    """Sums of one day, site or station; ``id`` is the date or the public id."""

    id = serializers.CharField(source="ref")
    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    sessions = serializers.IntegerField()
    energy_wh = serializers.DecimalField(max_digits=24, decimal_places=4)
    plugged_in_s = serializers.FloatField()
    held = serializers.IntegerField()


class EnergySerializer(serializers.Serializer[Any]):
    """Rows and their sum."""

    rows = EnergyRowSerializer(many=True)
    total = EnergyRowSerializer()


class HourSerializer(serializers.Serializer[Any]):
    """One hour of the week; weekday 0 is Monday."""

    weekday = serializers.IntegerField()
    hour = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    occupied_s = serializers.FloatField()
    available_s = serializers.FloatField()


class UtilisationSerializer(serializers.Serializer[Any]):
    """The 168 hours of the week, and over how many EVSEs."""

    evses = serializers.IntegerField()
    hours = HourSerializer(many=True)


class StationRowSerializer(serializers.Serializer[Any]):
    """One station over the last 30 days."""

    station = serializers.CharField(source="station.name")
    station_id = serializers.CharField(source="station.public_id")
    site = serializers.CharField(source="station.site.name")
    is_connected = serializers.BooleanField()
    disconnects = serializers.IntegerField(source="losses")
    disconnects_per_day = serializers.FloatField(source="losses_per_day", allow_null=True)
    connected_share = serializers.FloatField(allow_null=True)


class FirmwareRowSerializer(serializers.Serializer[Any]):
    """Stations of one maker, model and version, in the mean."""

    vendor = serializers.CharField()
    model = serializers.CharField()
    version = serializers.CharField()
    stations = serializers.IntegerField()
    connected = serializers.IntegerField()
    disconnects_per_day = serializers.FloatField(source="losses_per_day", allow_null=True)
    connected_share = serializers.FloatField(allow_null=True)


class StationsSerializer(serializers.Serializer[Any]):
    """Stations, the worst connected first, and by firmware."""

    stations = StationRowSerializer(many=True, source="rows")
    firmware = FirmwareRowSerializer(many=True)


def _asked(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise serializers.ValidationError(
            {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        )
    return form.cleaned_data


class EnergyReport(ScopedView):
    """Energy and sessions of a period."""

    read_permission = Permission.REPORT_VIEW

    @extend_schema(
        parameters=[*PERIOD, OpenApiParameter("by", str, enum=["day", "site", "station"])],
        responses=EnergySerializer,
    )
    def get(self, request: Request) -> Response:
        """By day, site or station; days are those of the site's zone."""
        form = EnergyForm(request.query_params, zone=operator_of(request).time_zone)
        return Response(EnergySerializer(energy_report(**_asked(form))).data)


class UtilisationReport(ScopedView):
    """Share of time occupied by hour of the week."""

    read_permission = Permission.REPORT_VIEW

    @extend_schema(
        parameters=[*PERIOD, OpenApiParameter("station", str, description="Public id")],
        responses=UtilisationSerializer,
    )
    def get(self, request: Request) -> Response:
        """Hours are those of the site's zone, also when clocks change."""
        form = UtilisationForm(request.query_params, zone=operator_of(request).time_zone)
        report = utilisation_report(now=timezone.now(), **_asked(form))
        return Response(UtilisationSerializer(report).data)


class StationsReport(ScopedView):
    """Stations by firmware and connection over the last 30 days."""

    read_permission = Permission.REPORT_VIEW

    @extend_schema(parameters=[SITE], responses=StationsSerializer)
    def get(self, request: Request) -> Response:
        """Time in which we ourselves were away counts for nobody."""
        asked = _asked(StationsForm(request.query_params))
        return Response(StationsSerializer(stations_report(now=timezone.now(), **asked)).data)


class UptimePdf(ScopedView):
    """The uptime report on paper."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(
        parameters=[
            *(OpenApiParameter(name, str) for name in ("from_month", "until_month", "site", "by")),
            OpenApiParameter("language", str, enum=["sv", "en"], description="Else the operator's"),
        ],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request) -> HttpResponse:
        """The figures of ``uptime``, with outages and causes; 422 for another language."""
        operator = operator_of(request)
        form = UptimeForm(request.query_params, operator=operator)
        if not form.is_valid():
            name, found = next(iter(form.errors.items()))
            raise InvalidInput("bad_query", " ".join(map(str, found)), field=name)
        language = request.query_params.get("language") or operator.language
        if language not in ("sv", "en"):
            raise InvalidInput("language", _("Choose sv or en."), field="language")
        asked = form.asked()
        name = uptime_name(operator, asked["from_on"], asked["until_on"], asked["site"])
        return pdf_response(uptime_pdf(operator=operator, language=language, **asked), name)


urls = [
    address("uptime/pdf", UptimePdf, "uptime_pdf"),
    address("reports/energy", EnergyReport, "report_energy"),
    address("reports/utilisation", UtilisationReport, "report_utilisation"),
    address("reports/stations", StationsReport, "report_stations"),
]
