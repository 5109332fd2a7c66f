"""REST: takeovers and how far their stations have come."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import may, operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from core.imports import registry
from core.imports.models import ImportRun
from customers.takeover import services
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
        fields = (  # type: ignore[assignment]  # a longer tuple
            *CohortSerializer.Meta.fields, "stations", "driver_count", "token_count",
            "token_used_count",
        )  # fmt: skip


class CohortInput(Input):
    """A new takeover."""

    name = serializers.CharField(max_length=120)
    previous = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="Who ran it before"
    )
    moves_on = serializers.DateField(required=False, allow_null=True)


class CohortImportInput(Input):
    """A finished import, by its id."""

    id = serializers.CharField(max_length=24)


class CohortClosing(Input):
    """Why."""

    reason = serializers.CharField(max_length=500)


class CohortList(ListView):
    """All takeovers; POST begins one."""

    read_permission = Permission.IMPORT_USE
    write_permission = Permission.IMPORT_USE
    serializer_class = CohortSerializer
    filterset_class = CohortFilter

    def rows(self) -> QuerySet[Cohort]:
        """Of the caller's operator."""
        rows: QuerySet[Cohort] = Cohort.objects.order_by("-created_at", "-id")
        return rows

    @extend_schema(request=CohortInput, responses={201: CohortSerializer})
    def post(self, request: Request) -> Response:
        """Begin a takeover; a taken name is refused."""
        given = CohortInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = services.create_cohort(operator=operator_of(request), **given.validated_data)
        return Response(CohortSerializer(made).data, status=201)


class CohortDetail(DetailView):
    """One takeover with the progress of each station."""

    read_permission = Permission.IMPORT_USE
    serializer_class = CohortProgressSerializer

    def get_object(self) -> Cohort:
        """The caller's own, or 404."""
        return _with_progress(_cohort(self.kwargs["ref"]))


class CohortImports(ScopedView):
    """What belongs to a takeover: POST adds a finished import, DELETE takes one out."""

    write_permission = Permission.IMPORT_USE

    @extend_schema(request=CohortImportInput, responses=CohortProgressSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Let a finished import belong to it; refused for one that is another's."""
        cohort = _cohort(ref)
        services.add_import(cohort=cohort, run=_run(request))
        return Response(CohortProgressSerializer(_with_progress(cohort)).data)

    @extend_schema(request=CohortImportInput, responses=CohortProgressSerializer)
    def delete(self, request: Request, ref: str) -> Response:
        """Take an import out of it; its rows stay as they are."""
        cohort = _cohort(ref)
        services.remove_import(cohort=cohort, run=_run(request))
        return Response(CohortProgressSerializer(_with_progress(cohort)).data)


class CohortClose(ScopedView):
    """POST ends a takeover."""

    write_permission = Permission.IMPORT_USE

    @extend_schema(request=CohortClosing, responses=CohortSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """What came with it stays; a second time is refused."""
        cohort = _cohort(ref)
        given = CohortClosing(data=request.data)
        given.is_valid(raise_exception=True)
        services.close_cohort(cohort=cohort, **given.validated_data)
        return Response(CohortSerializer(_cohort(ref)).data)


def _cohort(ref: str) -> Cohort:
    found: Cohort = get_object_or_404(Cohort.objects.all(), public_id=ref)
    return found


def _with_progress(cohort: Cohort) -> Cohort:
    cohort.progress = progress_of(cohort, runs_of(cohort))  # type: ignore[attr-defined]  # for its serializer
    return cohort


def _run(request: Request) -> ImportRun:
    given = CohortImportInput(data=request.data)
    given.is_valid(raise_exception=True)
    run: ImportRun | None = ImportRun.objects.filter(public_id=given.validated_data["id"]).first()
    spec = registry.specs().get(run.kind) if run else None
    if run is None or spec is None or not may(request, spec.permission):
        raise InvalidInput("import", _("There is no such import."), field="id")
    return run


urls = [
    address("takeovers", CohortList, "takeovers"),
    address("takeovers/{ref}", CohortDetail, "takeover"),
    address("takeovers/{ref}/imports", CohortImports, "takeover_imports"),
    address("takeovers/{ref}/close", CohortClose, "takeover_close"),
]
