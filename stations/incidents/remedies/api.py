"""REST: remedies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.errors import InvalidInput
from stations.incidents.choices import FaultClass, RemedyMode
from stations.incidents.remedies import selectors, services
from stations.incidents.remedies.facts import limits_of, steps_of
from stations.incidents.remedies.lists import RunFilter
from stations.incidents.remedies.playbooks import steps_from, stored
from stations.incidents.remedy_models import RemedyRun, RemedyStep


class RemedyStepSerializer(serializers.ModelSerializer[RemedyStep]):
    """One step with its evidence."""

    outcome = serializers.CharField(source="state")
    command = serializers.CharField(source="command_ref")

    class Meta:
        model = RemedyStep
        fields = (
            "number", "action", "outcome", "command", "answer", "before", "after", "asked_at",
            "verified_at",
        )  # fmt: skip


class RemedyRunSerializer(serializers.ModelSerializer[RemedyRun]):
    """One try to heal one incident."""

    id = serializers.CharField(source="public_id")
    incident = serializers.CharField(source="incident.public_id")
    site = serializers.CharField(source="site.public_id")
    station = serializers.CharField(source="station.public_id")
    evse_number = serializers.IntegerField(source="evse.number", allow_null=True, default=None)
    fault = serializers.CharField(source="fault_class")
    progress = serializers.CharField(source="state")
    tried = RemedyStepSerializer(many=True)

    class Meta:
        model = RemedyRun
        fields = (
            "id", "incident", "site", "station", "evse_number", "fault", "is_dry", "progress",
            "why", "waits_for", "started_at", "ended_at", "helped_by", "usual_s", "saved_s",
            "tried",
        )  # fmt: skip


class RemedySettingSerializer(Input):
    """The switch and its limits; hours are of the site's clock."""

    mode = serializers.ChoiceField(choices=RemedyMode.choices)
    most_per_six_hours = serializers.IntegerField(min_value=0, max_value=10, required=False)
    most_per_day = serializers.IntegerField(min_value=0, max_value=20, required=False)
    cool_down_s = serializers.IntegerField(min_value=0, max_value=86_400, required=False)
    from_hour = serializers.IntegerField(min_value=0, max_value=23, required=False, allow_null=True)
    until_hour = serializers.IntegerField(
        min_value=0, max_value=23, required=False, allow_null=True
    )
    makes_orders = serializers.BooleanField(required=False)


class RemedySettingWriteSerializer(RemedySettingSerializer):
    """With why."""

    reason = serializers.CharField(max_length=500)


class PlaybookStepSerializer(Input):
    """An action and the seconds it has to help."""

    action = serializers.CharField(max_length=24)
    wait_s = serializers.IntegerField(min_value=1, max_value=86_400)


class PlaybookSerializer(Input):
    """The steps of a class of faults."""

    fault = serializers.CharField(max_length=12)
    steps = PlaybookStepSerializer(many=True)


class PlaybookWriteSerializer(Input):
    """Other steps for a class of faults."""

    fault = serializers.ChoiceField(choices=FaultClass.choices)
    steps = PlaybookStepSerializer(many=True, allow_empty=True)
    is_enabled = serializers.BooleanField(required=False, default=True)
    reason = serializers.CharField(max_length=500)


class SavingsSerializer(serializers.Serializer[Any]):
    """What healing saved over 90 days."""

    ended = serializers.IntegerField()
    healed = serializers.IntegerField()
    by_itself = serializers.IntegerField()
    proven = serializers.IntegerField()
    saved_s = serializers.IntegerField()


class RunList(ListView):
    """Runs of remedies with their steps."""

    read_permission = Permission.NETWORK_VIEW
    serializer_class = RemedyRunSerializer
    filterset_class = RunFilter

    def rows(self) -> QuerySet[RemedyRun]:
        """Runs at the sites that the caller may see."""
        return selectors.runs().prefetch_related("tried")


class SettingView(ScopedView):
    """The switch."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.INCIDENT_RULES

    @extend_schema(responses=RemedySettingSerializer)
    def get(self, request: Request) -> Response:
        """What is in force."""
        limits = limits_of(operator_of(request).pk)
        return Response(RemedySettingSerializer(limits).data)

    @extend_schema(request=RemedySettingWriteSerializer, responses=RemedySettingSerializer)
    def put(self, request: Request) -> Response:
        """Decide, with a reason."""
        given = RemedySettingWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.set_remedies(operator=operator_of(request), **given.validated_data)
        return Response(RemedySettingSerializer(made).data)


class PlaybookView(ScopedView):
    """Playbooks by class of fault."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.INCIDENT_RULES

    @extend_schema(responses=PlaybookSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The steps in force."""
        operator = operator_of(request)
        return Response(
            [
                {"fault": key, "steps": stored(steps_of(operator.pk, key))}
                for key in FaultClass.values
            ]
        )

    @extend_schema(request=PlaybookWriteSerializer, responses={204: None})
    def put(self, request: Request) -> Response:
        """Other steps for one class; 422 for an action that does not exist."""
        given = PlaybookWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        try:
            steps = steps_from(values["steps"])
        except ValueError as error:
            raise InvalidInput(
                "steps", _("Use the actions below, and from 1 to 86400 seconds."), field="steps"
            ) from error
        services.set_playbook(
            operator=operator_of(request), fault_class=values["fault"], steps=steps,
            is_enabled=values["is_enabled"], reason=values["reason"],
        )  # fmt: skip
        return Response(status=204)


class SavingsView(ScopedView):
    """What healing saved."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(responses=SavingsSerializer)
    def get(self, request: Request) -> Response:
        """Over the last 90 days."""
        found = selectors.savings(timezone.now() - timedelta(days=90))
        return Response(SavingsSerializer(found).data)


urls = [
    address("remedy-runs", RunList, "remedy_runs"),
    address("remedy-setting", SettingView, "remedy_setting"),
    address("playbooks", PlaybookView, "playbooks"),
    address("healing", SavingsView, "healing"),
]
