"""REST: which sites and EVSEs lack what the public must be told."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import ListView, ScopedView
from stations.hardware.completeness.elements import EVSE_ELEMENTS, SITE_ELEMENTS
from stations.hardware.completeness.filters import EvseGapFilter, SiteGapFilter
from stations.hardware.completeness.selectors import (
    Shortfall,
    evses_marked,
    lacking,
    shortfalls,
    sites_marked,
)


class ShortfallSerializer(serializers.Serializer[Any]):
    """How many of ``total`` lack an element."""

    element = serializers.CharField(source="element.key")
    count = serializers.IntegerField()
    total = serializers.IntegerField()


class CompletenessSerializer(serializers.Serializer[Any]):
    """What sites and EVSEs lack, by element."""

    sites = ShortfallSerializer(many=True)
    evses = ShortfallSerializer(many=True)


class SiteGapSerializer(serializers.Serializer[Any]):
    """A site and the keys of what it lacks."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    lacks = serializers.SerializerMethodField()

    def get_lacks(self, row: Any) -> list[str]:
        """Keys of elements."""
        return [one.key for one in lacking(row, SITE_ELEMENTS)]


class EvseGapSerializer(serializers.Serializer[Any]):
    """An EVSE and the keys of what it lacks."""

    id = serializers.CharField(source="public_id", allow_null=True)
    station = serializers.CharField(source="station.identity")
    number = serializers.IntegerField()
    lacks = serializers.SerializerMethodField()

    def get_lacks(self, row: Any) -> list[str]:
        """Keys of elements."""
        return [one.key for one in lacking(row, EVSE_ELEMENTS)]


class Completeness(ScopedView):
    """How many lack which element."""

    read_permission = Permission.NETWORK_EDIT

    @extend_schema(responses=CompletenessSerializer)
    def get(self, request: Request) -> Response:
        """Counts by element, for sites and EVSEs in use."""
        found: dict[str, list[Shortfall]] = {
            "sites": shortfalls(sites_marked(), SITE_ELEMENTS),
            "evses": shortfalls(evses_marked(), EVSE_ELEMENTS),
        }
        return Response(CompletenessSerializer(found).data)


class SiteGaps(ListView):
    """Sites that lack something."""

    read_permission = Permission.NETWORK_EDIT
    serializer_class = SiteGapSerializer
    filterset_class = SiteGapFilter

    def rows(self) -> QuerySet[Any]:
        """Sites of the caller's operator."""
        return sites_marked()


class EvseGaps(ListView):
    """EVSEs that lack something."""

    read_permission = Permission.NETWORK_EDIT
    serializer_class = EvseGapSerializer
    filterset_class = EvseGapFilter

    def rows(self) -> QuerySet[Any]:
        """EVSEs of the caller's operator."""
        return evses_marked()


urls = [
    address("completeness", Completeness, "completeness"),
    address("completeness/sites", SiteGaps, "site_gaps"),
    address("completeness/evses", EvseGaps, "evse_gaps"),
]
