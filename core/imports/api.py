"""REST: imports. A file is sent as text in base64, looked at, and taken over."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput, RuleViolation
from core.imports import registry, services
from core.imports.filters import ImportFilter
from core.imports.models import ImportRun, ImportState
from core.imports.plan import Plan
from core.imports.spec import ImportSpec


class ImportSerializer(serializers.ModelSerializer[ImportRun]):
    """An import without its rows."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = ImportRun
        fields = (
            "id", "kind", "file_name", "size_bytes", "sha256", "origin", "state", "row_count",
            "created_count", "changed_count", "user_label", "reason", "created_at", "done_at",
        )  # fmt: skip


class ProblemSerializer(serializers.Serializer[Any]):
    """What is wrong, where, and what would be right; line 1 is the header."""

    line = serializers.IntegerField()
    column = serializers.CharField()
    value = serializers.CharField()
    reason = serializers.CharField()
    cure = serializers.CharField()


class FieldChangeSerializer(serializers.Serializer[Any]):
    """One field, before and after."""

    name = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class RowPlanSerializer(serializers.Serializer[Any]):
    """What becomes of one row: create, change, unchanged or wrong."""

    line = serializers.IntegerField()
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    changes = FieldChangeSerializer(many=True)
    problems = ProblemSerializer(many=True)


class ImportPlanSerializer(ImportSerializer):
    """An import with what it would do now; ``digest`` confirms exactly that."""

    digest = serializers.CharField(source="plan.digest", default="")
    is_good = serializers.BooleanField(source="plan.is_good", default=False)
    problems = ProblemSerializer(source="plan.problems", many=True, default=list)
    rows = RowPlanSerializer(source="plan.rows", many=True, default=list)

    class Meta(ImportSerializer.Meta):
        fields = (*ImportSerializer.Meta.fields, "digest", "is_good", "problems", "rows")  # type: ignore[assignment]  # a longer tuple


class ImportCreateSerializer(Input):
    """A file to look at."""

    kind = serializers.CharField(max_length=40)
    file_name = serializers.CharField(max_length=150, required=False, default="import.csv")
    content = serializers.CharField(trim_whitespace=True, help_text="The file in base64.")


class ImportCommitSerializer(Input):
    """Confirms what ``digest`` stands for."""

    digest = serializers.CharField(max_length=64)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


def _spec(request: Request, kind: str) -> ImportSpec:
    if kind not in registry.specs():
        raise InvalidInput("unknown_kind", "There is no such kind of import.", field="kind")
    spec = registry.allowed(request).get(kind)
    if spec is None:
        raise PermissionDenied
    return spec


def _with_plan(run: ImportRun, plan: Plan | None) -> dict[str, Any]:
    run.plan = plan  # type: ignore[attr-defined]  # for its serializer
    return ImportPlanSerializer(run).data


class ImportList(ListView):
    """All imports that the caller may see; POST sends a file."""

    read_permission = write_permission = Permission.IMPORT_USE
    serializer_class = ImportSerializer
    filterset_class = ImportFilter

    def rows(self) -> QuerySet[ImportRun]:
        """Of kinds that the caller may import."""
        kinds = list(registry.allowed(self.request))
        rows: QuerySet[ImportRun] = ImportRun.objects.filter(kind__in=kinds)
        return rows.defer("original", "sheet", "objects_done").order_by("-created_at", "-id")

    @extend_schema(request=ImportCreateSerializer, responses={201: ImportPlanSerializer})
    def post(self, request: Request) -> Response:
        """Send a file. Nothing is changed; the answer says what importing it would do."""
        given = ImportCreateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        spec = _spec(request, values["kind"])
        try:
            raw = base64.b64decode(values["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise InvalidInput("base64", "This is no base64.", field="content") from error
        run = services.begin(
            operator=operator_of(request), spec=spec, name=values["file_name"], raw=raw
        )
        return Response(_with_plan(run, services.plan_of(run, spec)), status=201)


class ImportDetail(DetailView):
    """One import with what it would do now; DELETE discards a draft."""

    read_permission = write_permission = Permission.IMPORT_USE
    serializer_class = ImportPlanSerializer

    def get_object(self) -> ImportRun:
        """The caller's own import, or 404."""
        run: ImportRun = get_object_or_404(ImportRun.objects.all(), public_id=self.kwargs["ref"])
        spec = _spec(self.request, run.kind)
        is_draft = run.state == ImportState.DRAFT
        run.plan = services.plan_of(run, spec) if is_draft else None  # type: ignore[attr-defined]  # for its serializer
        return run

    @extend_schema(responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Discard a draft."""
        services.discard(run=self.get_object())
        return Response(status=204)


class ImportCommit(ScopedView):
    """POST takes an import over."""

    write_permission = Permission.IMPORT_USE

    @extend_schema(request=ImportCommitSerializer, responses=ImportSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Take all rows over, or none; 409 when anything else than confirmed would be done."""
        run = ImportRun.objects.filter(public_id=ref).first()
        if run is None:
            raise Http404
        spec = _spec(request, run.kind)
        given = ImportCommitSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        result = services.commit(
            run=run, spec=spec, shown=values["digest"], reason=values["reason"]
        )
        if result.is_stale:
            raise RuleViolation("stale", "Rows have changed since the preview; look again.")
        run.refresh_from_db()
        return Response(ImportSerializer(run).data)


urls = [
    address("imports", ImportList, "imports"),
    address("imports/{ref}", ImportDetail, "import"),
    address("imports/{ref}/commit", ImportCommit, "import_commit"),
]
