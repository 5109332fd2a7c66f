"""REST: what needs attention."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.permissions import may
from core.api.urls import address
from core.api.views import ScopedView
from core.attention.sources import concerns, narrowed, reasons


class ConcernSerializer(serializers.Serializer[Any]):
    """One thing that needs attention: why in words, since when, and the page where to act."""

    reason = serializers.CharField(source="reason.code")
    severity = serializers.ChoiceField(
        source="reason.tone", choices=["bad", "warn", "idle"], help_text="bad, warn or idle"
    )
    subject = serializers.CharField()
    text = serializers.CharField()
    since_at = serializers.DateTimeField(allow_null=True)
    site = serializers.CharField(source="place")
    site_id = serializers.CharField(source="place_ref")
    url = serializers.CharField()


class AttentionQuery(serializers.Serializer[Any]):
    """The filters of the list."""

    reason = serializers.CharField(required=False, default="")
    site = serializers.CharField(required=False, default="")

    def validate_reason(self, value: str) -> str:
        """A reason that there is."""
        if value and value not in {reason.code for reason in reasons()}:
            raise serializers.ValidationError(_("There is no such reason."))
        return value


class Attention(ScopedView):
    """Everything that needs a person's attention."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(
        parameters=[
            OpenApiParameter("reason", str, description="Code of a reason"),
            OpenApiParameter("site", str, description="Public id of a site"),
        ],
        responses=ConcernSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Serious things first, and of these the newest; only what the caller may see."""
        query = AttentionQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = narrowed(concerns(partial(may, request), timezone.now()), **query.validated_data)
        return Response(ConcernSerializer(found, many=True).data)


urls = [address("attention", Attention, "attention")]
