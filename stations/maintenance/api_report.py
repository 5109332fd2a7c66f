"""REST: how agreements are kept, warnings of clocks, an order from an incident."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.errors import InvalidInput
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet
from stations.incidents.selectors import incidents
from stations.maintenance import report, selectors
from stations.maintenance.api import OrderSerializer
from stations.maintenance.escalation_models import ClockName, EscalationLetter, SlaWarning
from stations.maintenance.from_incident import order_of_incident
from stations.maintenance.keeping import Kept
from stations.maintenance.letter_lists import LetterFilter
from stations.maintenance.letters import letters


class KeptSerializer(serializers.Serializer[Any]):
    """Orders of one month and partner (empty: own staff); minutes and percent."""

    month = serializers.SerializerMethodField()
    partner = serializers.CharField()
    partner_name = serializers.CharField()
    orders = serializers.IntegerField()
    promised = serializers.IntegerField()
    within = serializers.IntegerField()
    broken = serializers.IntegerField()
    running = serializers.IntegerField()
    respond_broken = serializers.IntegerField()
    restore_broken = serializers.IntegerField()
    kept_pct = serializers.IntegerField(source="share", allow_null=True)
    over_min = serializers.SerializerMethodField()
    paused_min = serializers.SerializerMethodField()
    paused_why_min = serializers.SerializerMethodField()

    def get_month(self, row: Kept) -> str:
        """As 2026-11."""
        return f"{row.month:%Y-%m}"

    def get_over_min(self, row: Kept) -> float:
        """Too late by, both clocks."""
        return report.minutes(row.over)

    def get_paused_min(self, row: Kept) -> float:
        """Clocks stood still, on the wall."""
        return report.minutes(row.paused)

    def get_paused_why_min(self, row: Kept) -> dict[str, float]:
        """By reason."""
        return {reason: report.minutes(length) for reason, length in row.reasons.items()}


class KeptReport(ScopedView):
    """How agreements were kept, by month and partner."""

    read_permission = Permission.ORDER_VIEW

    @extend_schema(
        parameters=[OpenApiParameter(n, str) for n in ("from_month", "until_month", "partner")],
        responses=KeptSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Months as 2026-11; without them this one and the two before."""
        form = report.KeptForm(request.query_params, operator=operator_of(request))
        if not form.is_valid():
            name, found = next(iter(form.errors.items()))
            raise InvalidInput("bad_query", " ".join(map(str, found)), field=name)
        rows = report.kept_report(operator_of(request), **form.cleaned_data)
        return Response(KeptSerializer(rows, many=True).data)


class SlaWarningSerializer(serializers.ModelSerializer[SlaWarning]):
    """A clock of an order reached a stage (percent of the promised time)."""

    order = serializers.CharField(source="order.public_id")
    site = serializers.CharField(source="order.site.public_id")

    class Meta:
        model = SlaWarning
        fields = ("order", "site", "clock", "stage", "at", "due_at")


class SlaWarningFilter(ListFilterSet):
    """Warnings by clock and days."""

    search_fields = ("order__public_id",)
    clock = ChoiceFilter(label=_("Clock"), choices=ClockName.choices)
    at = DateRange(field_name="at", label=_("Time"))

    class Meta:
        model = SlaWarning
        fields: list[str] = []


class SlaWarningList(ListView):
    """All warnings of clocks, the latest first."""

    read_permission = Permission.ORDER_VIEW
    serializer_class = SlaWarningSerializer
    filterset_class = SlaWarningFilter

    def rows(self) -> QuerySet[SlaWarning]:
        """Of orders at the sites that the caller may see."""
        return selectors.warnings()


class WarningLetterSerializer(serializers.ModelSerializer[EscalationLetter]):
    """A warning on its way to one address; ``error``: why the last try failed."""

    id = serializers.CharField(source="pk")
    order = serializers.CharField(source="order.public_id")
    clock = serializers.CharField(source="warning.clock")
    stage = serializers.IntegerField(source="warning.stage")

    class Meta:
        model = EscalationLetter
        fields = (
            "id", "order", "email", "clock", "stage", "state", "attempts", "due_at", "sent_at",
            "error",
        )  # fmt: skip


class LetterList(ListView):
    """Letters of warnings; ``bulk-runs`` (list ``work-order-letters``, action ``send-again``)
    sends those again that were given up."""

    read_permission = Permission.ORDER_EDIT
    serializer_class = WarningLetterSerializer
    filterset_class = LetterFilter

    def rows(self) -> QuerySet[EscalationLetter]:
        """About orders at the sites that the caller may see."""
        return letters()


class IncidentOrder(ScopedView):
    """POST makes the work order of an incident."""

    write_permission = Permission.ORDER_EDIT

    @extend_schema(request=None, responses={201: OrderSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """While the incident has an open order, that one; 409 where it is over."""
        incident = get_object_or_404(incidents(), public_id=ref)
        order = order_of_incident(incident=incident)
        shown = OrderSerializer(selectors.order_or_404(order.public_id))
        return Response(shown.data, status=201)


urls = [
    address("work-order-report", KeptReport, "work_order_report"),
    address("work-order-warnings", SlaWarningList, "work_order_warnings"),
    address("work-order-letters", LetterList, "work_order_letters"),
    address("incidents/{ref}/work-order", IncidentOrder, "incident_work_order"),
]
