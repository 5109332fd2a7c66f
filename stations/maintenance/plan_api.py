"""REST: preventive plans and their visits."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
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
from core.months import month_of
from stations.hardware.catalogue.models import HardwareModel
from stations.maintenance import planning
from stations.maintenance.models import OrderKind
from stations.maintenance.partner_models import Partner, Priority
from stations.maintenance.plan_lists import PlanFilter, plans
from stations.maintenance.plan_models import MaintenancePlan, PlanVisit
from stations.maintenance.plan_views import month_span, plan_or_404
from stations.maintenance.work_models import Checklist
from stations.sites.selectors import sites


class PlanSerializer(serializers.ModelSerializer[MaintenancePlan]):
    """A plan; ``site``, ``hardware_model``, ``partner``, ``checklist``: public ids, null for all
    or for what would be chosen anyway."""

    id = serializers.CharField(source="public_id")
    site = serializers.CharField(source="site.public_id", allow_null=True, default=None)
    hardware_model = serializers.CharField(
        source="hardware_model.public_id", allow_null=True, default=None
    )
    partner = serializers.CharField(source="partner.public_id", allow_null=True, default=None)
    checklist = serializers.CharField(source="checklist.public_id", allow_null=True, default=None)

    class Meta:
        model = MaintenancePlan
        fields = (
            "id", "name", "kind", "priority", "site", "hardware_model", "every_months",
            "every_kwh", "every_cycles", "lead_days", "group_km", "starts_on", "partner",
            "checklist", "is_active", "looked_at",
        )  # fmt: skip


class PlanChangeSerializer(Input):
    """What may be written; at least one interval stands afterwards."""

    name = serializers.CharField(max_length=120, required=False)
    kind = serializers.ChoiceField(choices=OrderKind.choices, required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    site = serializers.CharField(max_length=24, allow_null=True, required=False)
    hardware_model = serializers.CharField(max_length=24, allow_null=True, required=False)
    every_months = serializers.IntegerField(
        min_value=1, max_value=120, allow_null=True, required=False
    )
    every_kwh = serializers.IntegerField(
        min_value=1, max_value=2_000_000_000, allow_null=True, required=False
    )
    every_cycles = serializers.IntegerField(
        min_value=1, max_value=2_000_000_000, allow_null=True, required=False
    )
    lead_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    group_km = serializers.IntegerField(min_value=0, max_value=500, required=False)
    starts_on = serializers.DateField(required=False)
    partner = serializers.CharField(max_length=24, allow_null=True, required=False)
    checklist = serializers.CharField(max_length=24, allow_null=True, required=False)
    is_active = serializers.BooleanField(required=False)


class PlanWriteSerializer(PlanChangeSerializer):
    """A new plan."""

    name = serializers.CharField(max_length=120)
    starts_on = serializers.DateField()


class VisitSerializer(serializers.ModelSerializer[PlanVisit]):
    """One turn at a station with the order that does it; ``trip``: the same for sites that were
    due together near each other."""

    station = serializers.CharField(source="station.public_id")
    order = serializers.CharField(source="order.public_id")

    class Meta:
        model = PlanVisit
        fields = ("station", "turn", "due_on", "reason", "order", "trip", "made_at")


class TurnSerializer(serializers.Serializer[Any]):
    """A turn that comes and has no order yet."""

    plan = serializers.CharField()
    station = serializers.CharField()
    due_on = serializers.DateField()


def _values(given: Input) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = {**given.validated_data}
    rows: dict[str, QuerySet[Any]] = {
        "site": sites(),
        "hardware_model": HardwareModel.objects.all(),
        "partner": Partner.objects.filter(is_technician=True, is_active=True),
        "checklist": Checklist.objects.all(),
    }
    for name, queryset in rows.items():
        if values.get(name) is not None:
            values[name] = queryset.filter(public_id=values[name]).first()
            if values[name] is None:
                raise InvalidInput(name, _("There is none with this id."), field=name)
    return values


class PlanList(ListView):
    """All plans; POST makes one."""

    read_permission = Permission.ORDER_VIEW
    write_permission = Permission.ORDER_EDIT
    serializer_class = PlanSerializer
    filterset_class = PlanFilter

    def rows(self) -> QuerySet[MaintenancePlan]:
        """Plans of the sites that the caller may see, and those for all."""
        return plans()

    @extend_schema(request=PlanWriteSerializer, responses={201: PlanSerializer})
    def post(self, request: Request) -> Response:
        """A new plan; its first orders are made within the hour."""
        values = _values(PlanWriteSerializer(data=request.data))
        plan = planning.save_plan(operator=operator_of(request), plan=None, **values)
        return Response(PlanSerializer(plan).data, status=201)


class PlanDetail(DetailView):
    """One plan; PATCH changes it."""

    read_permission = Permission.ORDER_VIEW
    write_permission = Permission.ORDER_EDIT
    serializer_class = PlanSerializer

    def get_object(self) -> MaintenancePlan:
        """The caller's own, or 404."""
        return plan_or_404(self.kwargs["ref"])

    @extend_schema(request=PlanChangeSerializer, responses=PlanSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """What is not given stays."""
        plan = self.get_object()
        values = _values(PlanChangeSerializer(data=request.data))
        changed = planning.save_plan(operator=operator_of(request), plan=plan, **values)
        return Response(PlanSerializer(changed).data)


class PlanVisits(ScopedView):
    """What came of a plan."""

    read_permission = Permission.ORDER_VIEW

    @extend_schema(responses=VisitSerializer(many=True))
    def get(self, request: Request, ref: str) -> Response:
        """The latest five hundred turns."""
        rows = PlanVisit.objects.filter(plan=plan_or_404(ref)).select_related("station", "order")
        return Response(VisitSerializer(rows[:500], many=True).data)


class PlanCalendar(ScopedView):
    """Turns of all plans in a month that have no order yet."""

    read_permission = Permission.ORDER_VIEW

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="2026-11")],
        responses=TurnSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """By day; without a month the one that runs."""
        first, last = month_span(month_of(request.query_params.get("month", "")))
        found = [
            {"plan": plan.public_id, "station": station.public_id, "due_on": on}
            for plan, station, on in planning.upcoming(plans(), first, last)
        ]
        return Response(TurnSerializer(found, many=True).data)


urls = [
    address("maintenance-plans", PlanList, "maintenance_plans"),
    address("maintenance-calendar", PlanCalendar, "maintenance_calendar"),
    address("maintenance-plans/{ref}", PlanDetail, "maintenance_plan"),
    address("maintenance-plans/{ref}/visits", PlanVisits, "maintenance_plan_visits"),
]
