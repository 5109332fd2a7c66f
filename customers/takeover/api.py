"""REST: takeovers and how far their stations have come."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from core.accounts.permissions import Permission
from core.api.urls import address
from core.api.views import DetailView, ListView
from customers.takeover.models import Cohort
from customers.takeover.progress import progress_of, runs_of
from customers.takeover.views import CohortFilter


class CohortSerializer(serializers.ModelSerializer[Cohort]):
    """A takeover."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Cohort
        fields = ("id", "name", "previous", "moves_on", "created_by", "created_at", "closed_at")


class StationProgressSerializer(serializers.Serializer[Any]):
    """One station: waiting, knocked, connected or charged, and since when."""

    station = serializers.CharField(source="station.public_id")
    identity = serializers.CharField(source="station.identity")
    stage = serializers.CharField()
    address_changed_at = serializers.DateTimeField(allow_null=True)
    connected_at = serializers.DateTimeField(allow_null=True)
    charged_at = serializers.DateTimeField(allow_null=True)
    session_count = serializers.IntegerField()
    refusal = serializers.CharField()


class CohortProgressSerializer(CohortSerializer):
    """A takeover with its stations and cards."""

    stations = StationProgressSerializer(source="progress.stations", many=True)
    driver_count = serializers.IntegerField(source="progress.driver_count")
    token_count = serializers.IntegerField(source="progress.token_count")
    token_used_count = serializers.IntegerField(source="progress.token_used_count")

    class Meta(CohortSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *CohortSerializer.Meta.fields, "stations", "driver_count", "token_count",
            "token_used_count",
        )  # fmt: skip


class CohortList(ListView):
    """All takeovers."""

    read_permission = Permission.IMPORT_USE
    serializer_class = CohortSerializer
    filterset_class = CohortFilter

    def rows(self) -> QuerySet[Cohort]:
        """Of the caller's operator."""
        rows: QuerySet[Cohort] = Cohort.objects.order_by("-created_at", "-id")
        return rows


class CohortDetail(DetailView):
    """One takeover with the progress of each station."""

    read_permission = Permission.IMPORT_USE
    serializer_class = CohortProgressSerializer

    def get_object(self) -> Cohort:
        """The caller's own, or 404."""
        cohort: Cohort = get_object_or_404(Cohort.objects.all(), public_id=self.kwargs["ref"])
        cohort.progress = progress_of(cohort, runs_of(cohort))  # type: ignore[attr-defined]
        return cohort


urls = [
    address("takeovers", CohortList, "takeovers"),
    address("takeovers/{ref}", CohortDetail, "takeover"),
]
