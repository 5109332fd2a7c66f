"""REST: the audit trail, and who the caller is."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.pagination import CursorPages
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import ListView, ScopedView
from core.audit.filters import AuditFilter
from core.audit.models import AuditEntry


class AuditSerializer(serializers.ModelSerializer[AuditEntry]):
    """Who changed what, from what to what, and why."""

    class Meta:
        model = AuditEntry
        fields = (
            "id",
            "at",
            "actor_kind",
            "actor_label",
            "verb",
            "object_type",
            "object_id",
            "object_label",
            "before",
            "after",
            "reason",
            "request_id",
            "source_ip",
        )


class AuditList(ListView):
    """The audit trail, newest first."""

    read_permission = Permission.AUDIT_VIEW
    serializer_class = AuditSerializer
    filterset_class = AuditFilter
    pagination_class = CursorPages

    def rows(self) -> QuerySet[AuditEntry]:
        """Entries of the caller's operator."""
        entries: QuerySet[AuditEntry] = AuditEntry.objects.order_by("-at", "-id")
        return entries


class CallerSerializer(serializers.Serializer[Any]):
    """The caller: its name, operator and permissions."""

    name = serializers.CharField()
    operator = serializers.CharField()
    permissions = serializers.ListField(child=serializers.CharField())


class Caller(ScopedView):
    """Who is calling and what it may do."""

    read_permission = Permission.NETWORK_VIEW

    @extend_schema(responses=CallerSerializer)
    def get(self, request: Request) -> Response:
        """Name, operator and permissions of the caller."""
        return Response(
            {
                "name": str(request.user),
                "operator": operator_of(request).slug,
                "permissions": [p for p in Permission.values if may(request, p)],
            }
        )


urls = [
    address("audit", AuditList, "audit"),
    address("me", Caller, "me"),
]
