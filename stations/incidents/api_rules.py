"""REST: rules of incidents, codes of vendors."""

from __future__ import annotations

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
from stations.incidents import rule_services
from stations.incidents.choices import FaultClass, Severity
from stations.incidents.rule_models import ErrorCode, IncidentRule
from stations.incidents.rule_views import ErrorCodeFilter, error_codes
from stations.incidents.rules.table import DEFAULTS


class IncidentRuleSerializer(serializers.ModelSerializer[IncidentRule]):
    """How a rule differs for some stations; ``rule``: its name."""

    id = serializers.IntegerField()
    rule = serializers.CharField(source="code")
    figures = serializers.DictField(source="settings", child=serializers.FloatField())

    class Meta:
        model = IncidentRule
        fields = ("id", "rule", "vendor", "model", "firmware", "is_enabled", "severity", "figures")


class UsualRuleSerializer(serializers.Serializer[Any]):
    """A rule as usual, with what the operator set."""

    rule = serializers.CharField()
    severity = serializers.CharField()
    figures = serializers.DictField(child=serializers.FloatField())
    own = IncidentRuleSerializer(many=True)


class IncidentRuleWriteSerializer(Input):
    """Set a rule for all stations, or for those that the patterns fit (``*``: anything)."""

    rule = serializers.ChoiceField(choices=[(code, code) for code in DEFAULTS])
    vendor = serializers.CharField(max_length=64, required=False, allow_blank=True)
    model = serializers.CharField(max_length=64, required=False, allow_blank=True)
    firmware = serializers.CharField(max_length=64, required=False, allow_blank=True)
    is_enabled = serializers.BooleanField(required=False, default=True)
    severity = serializers.ChoiceField(
        choices=Severity.choices, required=False, allow_blank=True, default=""
    )
    figures = serializers.DictField(child=serializers.FloatField(), required=False, default=dict)
    reason = serializers.CharField(max_length=500)


class ErrorCodeSerializer(serializers.ModelSerializer[ErrorCode]):
    """A code of a vendor's stations; without a class nobody translated it yet."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = ErrorCode
        fields = (
            "id", "vendor", "code", "fault_class", "meaning", "info", "seen", "first_seen_at",
            "last_seen_at",
        )  # fmt: skip


class ErrorCodeWriteSerializer(Input):
    """What a code means; an empty class makes it unknown again."""

    fault_class = serializers.ChoiceField(choices=FaultClass.choices, allow_blank=True)
    meaning = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class IncidentRules(ScopedView):
    """Rules of incidents; PUT sets one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.INCIDENT_RULES

    @extend_schema(responses=UsualRuleSerializer(many=True))
    def get(self, _request: Request) -> Response:
        """All rules as usual, each with the operator's own settings."""
        own: dict[str, list[IncidentRule]] = {}
        for row in IncidentRule.objects.all():
            own.setdefault(row.code, []).append(row)
        rows = [
            {
                "rule": code,
                "severity": default.severity,
                "figures": default.figures,
                "own": own.get(code, []),
            }
            for code, default in DEFAULTS.items()
        ]
        return Response(UsualRuleSerializer(rows, many=True).data)

    @extend_schema(request=IncidentRuleWriteSerializer, responses=IncidentRuleSerializer)
    def put(self, request: Request) -> Response:
        """Figures that are not given are as usual."""
        given = IncidentRuleWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        values["place"] = {name: values.pop(name, "") for name in rule_services.PLACE}
        row = rule_services.set_rule(
            operator=operator_of(request), code=values.pop("rule"), **values
        )
        return Response(IncidentRuleSerializer(row).data)


class IncidentRuleDetail(ScopedView):
    """One of the operator's own settings; DELETE lets the rule be as usual again there."""

    write_permission = Permission.INCIDENT_RULES

    @extend_schema(
        parameters=[OpenApiParameter("reason", str, required=True)], responses={204: None}
    )
    def delete(self, request: Request, number: str) -> Response:
        """As the page does: with a reason, kept in the audit trail."""
        row = get_object_or_404(IncidentRule.objects.all(), pk=int(number))
        reason = request.query_params.get("reason", "").strip()[:500]
        if not reason:
            raise InvalidInput("reason_missing", _("Say why."), field="reason")
        rule_services.drop_rule(rule=row, reason=reason)
        return Response(status=204)


class ErrorCodeList(ListView):
    """Codes of vendors' stations, those that nobody translated first."""

    read_permission = Permission.INCIDENT_RULES
    serializer_class = ErrorCodeSerializer
    filterset_class = ErrorCodeFilter

    def rows(self) -> QuerySet[ErrorCode]:
        """Codes of the operator."""
        return error_codes()


class ErrorCodeDetail(DetailView):
    """One code; PATCH says what it means."""

    read_permission = Permission.INCIDENT_RULES
    write_permission = Permission.INCIDENT_RULES
    serializer_class = ErrorCodeSerializer

    def get_object(self) -> ErrorCode:
        """The operator's own, or 404."""
        return get_object_or_404(error_codes(), public_id=self.kwargs["ref"])

    @extend_schema(request=ErrorCodeWriteSerializer, responses=ErrorCodeSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Detection goes by it from its next turn on."""
        code = self.get_object()
        given = ErrorCodeWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = rule_services.translate_code(error_code=code, **given.validated_data)
        return Response(ErrorCodeSerializer(row).data)


urls = [
    address("incident-rules", IncidentRules, "incident_rules"),
    address("incident-rules/{number}", IncidentRuleDetail, "incident_rule"),
    address("error-codes", ErrorCodeList, "error_codes"),
    address("error-codes/{ref}", ErrorCodeDetail, "error_code"),
]
