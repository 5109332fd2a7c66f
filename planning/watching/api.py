"""REST: how sites are used, and planned sites beside their plans."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import ScopedView
from planning.watching.rules import FINE, NEW, OVER, UNDER
from planning.watching.selectors import DAYS, Became, became, days_of, figures, watched


class SiteUseSerializer(serializers.Serializer[Any]):
    """How a site is used. ``waited``: cars that plugged in right after a full site had a place;
    ``left``: cars that are taken to have driven on."""

    site = serializers.CharField()
    name = serializers.CharField()
    verdict = serializers.ChoiceField(choices=[OVER, UNDER, FINE, NEW])
    evses = serializers.IntegerField()
    sessions = serializers.IntegerField()
    kwh = serializers.FloatField()
    busy_share = serializers.FloatField()
    full_share = serializers.FloatField()
    waited = serializers.IntegerField()
    left = serializers.FloatField()
    more_evses = serializers.IntegerField()
    wants_power = serializers.BooleanField()


class PlanAndRealitySerializer(serializers.Serializer[Any]):
    """A planned site that is open: a year by the plan, and a year like the days asked for."""

    site = serializers.CharField()
    study = serializers.CharField()
    planned_kwh = serializers.FloatField()
    real_kwh = serializers.FloatField()
    planned_evses = serializers.IntegerField(allow_null=True)
    evses = serializers.IntegerField()
    sessions = serializers.IntegerField()


class NetworkUseSerializer(serializers.Serializer[Any]):
    """All open sites over the last ``days``, and what became of plans."""

    days = serializers.IntegerField()
    sites = SiteUseSerializer(many=True)
    planned = PlanAndRealitySerializer(many=True)


class NetworkUse(ScopedView):
    """GET tells how sites are used."""

    read_permission = Permission.PLANNING_VIEW

    @extend_schema(
        responses=NetworkUseSerializer,
        parameters=[OpenApiParameter("days", int, enum=list(DAYS))],
    )
    def get(self, request: Request) -> Response:
        """Sites that are too small first, then those hardly used."""
        days = days_of(request.query_params.get("days", ""))
        found = watched(now=timezone.now(), days=days)
        planned = [_row(one) for one in became(found)]
        answer = {"days": days, "sites": [figures(one) for one in found], "planned": planned}
        return Response(NetworkUseSerializer(answer).data)


def _row(one: Became) -> dict[str, Any]:
    return {
        "site": one.site.public_id,
        "study": one.row.study.public_id,
        "planned_kwh": one.planned_kwh,
        "real_kwh": one.real_kwh,
        "planned_evses": one.planned_evses,
        "evses": one.evses,
        "sessions": one.sessions,
    }


urls = [address("network-use", NetworkUse, "network_use")]
