"""REST: the search over everything."""

from __future__ import annotations

from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import may
from core.api.urls import address
from core.api.views import ScopedView
from core.search.sources import search_everything


class HitSerializer(serializers.Serializer[Any]):
    """One thing found; ``url`` is the address of its page."""

    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    note = serializers.CharField()
    url = serializers.CharField()


class GroupSerializer(serializers.Serializer[Any]):
    """Things of one kind, at most eight."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    hits = HitSerializer(many=True)


class Search(ScopedView):
    """Everything that a text may mean."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(
        parameters=[OpenApiParameter("q", str, required=True)],
        responses=GroupSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Kinds with hits; only those that the caller may see."""
        text = request.query_params.get("q", "")
        groups = search_everything(text, partial(may, request))
        return Response(GroupSerializer(groups, many=True).data)


urls = [address("search", Search, "search")]
