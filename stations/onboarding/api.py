"""REST: how far a new station has come."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from stations.hardware import selectors
from stations.ocpp.knocks import cure, in_words
from stations.ocpp.models import Knock
from stations.onboarding.api_replacing import urls as replacing_urls
from stations.onboarding.waiting import progress


class RefusedSerializer(serializers.ModelSerializer[Knock]):
    """A refused attempt, with what would cure it."""

    reason_text = serializers.SerializerMethodField()
    cure = serializers.SerializerMethodField()

    class Meta:
        model = Knock
        fields = ("identity", "reason", "reason_text", "cure", "attempts", "last_at")

    def get_reason_text(self, knock: Knock) -> str:
        """In words."""
        return in_words(knock.reason)

    def get_cure(self, knock: Knock) -> str:
        """What to do."""
        return cure(knock.reason)


class ProgressSerializer(serializers.Serializer[Any]):
    """Phase ``waiting``, ``connected``, ``booted`` or ``configured``, and refused attempts."""

    phase = serializers.CharField()
    settings_left = serializers.IntegerField()
    knocks = RefusedSerializer(many=True)


class FirstConnection(ScopedView):
    """How far a new or replaced station has come."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """The phase, with refused attempts since the station was announced."""
        state = progress(selectors.station_or_404(ref), operator_of(request))
        return Response(ProgressSerializer(state).data)


urls = [
    address("stations/{ref}/first-connection", FirstConnection, "station_first_connection"),
    *replacing_urls,
]
