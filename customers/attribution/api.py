"""REST: why this tariff."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from core.errors import InvalidInput
from customers.attribution.attributor import answer_all, questions_of
from customers.attribution.forms import WhyForm
from customers.attribution.result import Result, result_of
from stations.hardware.selectors import station_or_404
from stations.sessions.models import Session


class AttributionSerializer(serializers.Serializer[Result]):
    """Who pays and by which tariff; null where there is none. ``why``: each step in words."""

    account = serializers.CharField(source="account.public_id", default=None, allow_null=True)
    account_name = serializers.CharField(source="account.name", default=None, allow_null=True)
    price_group = serializers.CharField(
        source="price_group.public_id", default=None, allow_null=True
    )
    tariff = serializers.CharField(source="tariff.public_id", default=None, allow_null=True)
    tariff_name = serializers.CharField(source="tariff.name", default=None, allow_null=True)
    tariff_version = serializers.IntegerField(
        source="version.number", default=None, allow_null=True
    )
    is_free = serializers.BooleanField()
    why = serializers.ListField(child=serializers.CharField())


class StationAttribution(ScopedView):
    """Who would pay, and by which tariff, at a station."""

    read_permission = Permission.ACCOUNT_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("evse", int),
            OpenApiParameter("connector_type", str),
            OpenApiParameter("token", str),
            OpenApiParameter("account", str),
            OpenApiParameter("at", datetime),
        ],
        responses=AttributionSerializer,
    )
    def get(self, request: Request, ref: str) -> Response:
        """For a token or an account (neither: ad hoc) at an instant (now)."""
        station = station_or_404(ref)
        named = ("evse", "connector_type", "token", "account", "at")
        asked = {name: request.query_params.get(name, "") for name in named}
        form = WhyForm(
            asked | {"station": station.public_id, "at": asked["at"] or timezone.now().isoformat()}
        )
        if not form.is_valid():
            field, errors = next(iter(form.errors.items()))
            raise InvalidInput("question", str(errors[0]), field=field)
        answer = answer_all({0: form.question()}, operator_of(request))[0]
        return Response(AttributionSerializer(result_of(answer)).data)


class SessionAttributionView(ScopedView):
    """Who pays for a session, and by which tariff."""

    read_permission = Permission.ACCOUNT_VIEW

    @extend_schema(responses=AttributionSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """As of the session's start."""
        rows = Session.objects.select_related("station__site", "evse")
        session: Session = get_object_or_404(rows, public_id=ref)
        answer = answer_all(questions_of([session]), operator_of(request))[session.pk]
        return Response(AttributionSerializer(result_of(answer)).data)


urls = [
    address("stations/{ref}/attribution", StationAttribution, "station_attribution"),
    address("sessions/{ref}/attribution", SessionAttributionView, "session_attribution"),
]
