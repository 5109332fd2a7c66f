"""REST: uptime, outages and stated causes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from stations.hardware.models import Evse, Station
from stations.sites.selectors import sites
from stations.uptime import selectors, services
from stations.uptime.forms import UptimeForm
from stations.uptime.lists import CauseFilter, OutageFilter
from stations.uptime.models import Cause, CauseStatement, Outage
from stations.uptime.summary import uk_of


class OutageSerializer(serializers.ModelSerializer[Outage]):
    """An interval in which an EVSE could not be used; ``fact`` names the row that tells of it."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    station = serializers.CharField(source="station.public_id")
    evse_number = serializers.IntegerField(source="evse.number")
    fact = serializers.CharField(source="ref")

    class Meta:
        model = Outage
        fields = (
            "id", "site", "station", "evse_number", "kind", "cause", "error_code", "began_at",
            "ended_at", "is_counted", "fact",
        )  # fmt: skip


class CauseSerializer(serializers.ModelSerializer[CauseStatement]):
    """What a person states about an interval; it counts while it is approved."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id")
    station = serializers.CharField(source="station.public_id", allow_null=True, default=None)
    evse_number = serializers.IntegerField(source="evse.number", allow_null=True, default=None)

    class Meta:
        model = CauseStatement
        fields = (
            "id", "site", "station", "evse_number", "cause", "began_at", "ended_at", "reason",
            "evidence", "state", "stated_by", "approved_by", "approved_at", "created_at",
        )  # fmt: skip


class CauseWriteSerializer(Input):
    """A new statement; without a station it is about the whole site."""

    site = serializers.CharField(max_length=24)
    station = serializers.CharField(max_length=24, required=False)
    evse_number = serializers.IntegerField(min_value=1, required=False)
    cause = serializers.ChoiceField(choices=Cause.choices)
    began_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)
    evidence = serializers.CharField(max_length=300, allow_blank=True, required=False)


class CauseReasonSerializer(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


class CorrectionSerializer(Input):
    """Another cause for one outage."""

    cause = serializers.ChoiceField(choices=Cause.choices)
    reason = serializers.CharField(max_length=500)
    evidence = serializers.CharField(max_length=300, allow_blank=True, required=False)


class UptimeRowSerializer(serializers.Serializer[Any]):
    """One row of the report; minutes and percent."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of the row
    evses = serializers.IntegerField()
    availability_pct = serializers.SerializerMethodField()
    availability_without_excluded_pct = serializers.SerializerMethodField()
    nevi_ports = serializers.IntegerField(source="ports")
    nevi_ports_above_97 = serializers.IntegerField(source="good_ports")
    nevi_lowest_pct = serializers.SerializerMethodField()
    uk_a_pct = serializers.SerializerMethodField()
    uk_b_pct = serializers.SerializerMethodField()
    in_service_min = serializers.SerializerMethodField()
    unknown_min = serializers.SerializerMethodField()
    outage_min = serializers.SerializerMethodField()
    excluded_min = serializers.SerializerMethodField()
    outages = serializers.IntegerField(source="sums.starts")

    def get_availability_pct(self, row: selectors.UptimeRow) -> float | None:
        """Plain."""
        return _number(row.availability)

    def get_availability_without_excluded_pct(self, row: selectors.UptimeRow) -> float | None:
        """Excluded time counted as up."""
        return _number(row.without_excluded)

    def get_nevi_lowest_pct(self, row: selectors.UptimeRow) -> float | None:
        """The worst port over twelve months."""
        return _number(row.lowest)

    def get_uk_a_pct(self, row: selectors.UptimeRow) -> float | None:
        """As written."""
        return _number(uk_of([row.sums]).percent)

    def get_uk_b_pct(self, row: selectors.UptimeRow) -> float | None:
        """Unknown time left out."""
        return _number(uk_of([row.sums]).measured_percent)

    def get_in_service_min(self, row: selectors.UptimeRow) -> float | None:
        """Minutes in service and observed."""
        return _number(Fraction(row.sums.service, 60_000))

    def get_unknown_min(self, row: selectors.UptimeRow) -> float | None:
        """Minutes of which nothing is known."""
        return _number(Fraction(row.sums.unknown, 60_000))

    def get_outage_min(self, row: selectors.UptimeRow) -> float | None:
        """Minutes down."""
        return _number(Fraction(row.sums.down, 60_000))

    def get_excluded_min(self, row: selectors.UptimeRow) -> float | None:
        """Minutes of those excluded."""
        return _number(Fraction(row.sums.excluded, 60_000))


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, 4))


class UptimeView(ScopedView):
    """Uptime by month, site, station, EVSE, model or firmware."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter(name, str) for name in ("from_month", "until_month", "site", "by")
        ],
        responses=UptimeRowSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Months as 2026-11; without them this one and the two before."""
        form = UptimeForm(request.query_params, operator=operator_of(request))
        if not form.is_valid():
            name, found = next(iter(form.errors.items()))
            raise InvalidInput("bad_query", " ".join(map(str, found)), field=name)
        report = selectors.uptime_report(**form.asked())
        return Response(UptimeRowSerializer(report.rows, many=True).data)


class OutageList(ListView):
    """All outages."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = OutageSerializer
    filterset_class = OutageFilter

    def rows(self) -> QuerySet[Outage]:
        """Outages of the sites that the caller may see."""
        return selectors.outages()


class OutageDetail(DetailView):
    """One outage; POST states another cause for it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.UPTIME_EDIT
    serializer_class = OutageSerializer

    def get_object(self) -> Outage:
        """The caller's own, or 404."""
        return selectors.outage_or_404(self.kwargs["ref"])

    @extend_schema(request=CorrectionSerializer, responses={201: CauseSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """The facts stay; the cause counts once it is approved."""
        outage = self.get_object()
        given = CorrectionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.correct_cause(outage=outage, **given.validated_data)
        return Response(CauseSerializer(made).data, status=201)


class CauseList(ListView):
    """Stated causes and maintenance windows; POST states one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.UPTIME_EDIT
    serializer_class = CauseSerializer
    filterset_class = CauseFilter

    def rows(self) -> QuerySet[CauseStatement]:
        """Statements about the sites that the caller may see."""
        return selectors.causes()

    @extend_schema(request=CauseWriteSerializer, responses={201: CauseSerializer})
    def post(self, request: Request) -> Response:
        """It counts once it is approved."""
        given = CauseWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.state_cause(**_placed({**given.validated_data}))
        return Response(CauseSerializer(made).data, status=201)


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the rows that ids and numbers name."""
    site = sites().filter(public_id=values["site"]).first()
    if site is None:
        raise InvalidInput("site", _("There is no site with this id."), field="site")
    ref, number = values.pop("station", ""), values.pop("evse_number", None)
    station = Station.objects.filter(public_id=ref, site=site).first() if ref else None
    if ref and station is None:
        raise InvalidInput("station", _("There is no such station at this site."), field="station")
    if number and station is None:
        raise InvalidInput("station", _("Name its station too."), field="station")
    evse = Evse.objects.filter(station=station, number=number).first() if number else None
    if number and evse is None:
        raise InvalidInput("evse", _("The station has no such EVSE."), field="evse_number")
    return values | {"site": site, "station": station, "evse": evse}


class CauseDetail(DetailView):
    """One statement; DELETE withdraws it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.UPTIME_EDIT
    serializer_class = CauseSerializer

    def get_object(self) -> CauseStatement:
        """The caller's own, or 404."""
        return get_object_or_404(selectors.causes(), public_id=self.kwargs["ref"])

    @extend_schema(request=CauseReasonSerializer, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """It counts no more; the row stays."""
        statement = self.get_object()
        given = CauseReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.withdraw_cause(statement=statement, reason=given.validated_data["reason"])
        return Response(status=204)


class CauseApproval(ScopedView):
    """Approving a statement."""

    write_permission = Permission.UPTIME_APPROVE

    @extend_schema(request=None, responses=CauseSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Let it count; 409 when it has been decided already."""
        statement = get_object_or_404(selectors.causes(), public_id=ref)
        return Response(CauseSerializer(services.approve_cause(statement=statement)).data)


urls = [
    address("uptime", UptimeView, "uptime"),
    address("outages", OutageList, "outages"),
    address("outages/{ref}", OutageDetail, "outage"),
    address("outage-causes", CauseList, "outage_causes"),
    address("outage-causes/{ref}", CauseDetail, "outage_cause"),
    address("outage-causes/{ref}/approve", CauseApproval, "outage_cause_approve"),
]
