"""REST: layers, their places, and files on the way in."""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
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
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from core.errors import InvalidInput
from planning.layers import drafts, services
from planning.layers.filters import LayerFilter
from planning.layers.kinds import LayerKind
from planning.layers.mapping import EXTRAS, FIRST, KEEP, REFUSE, SUM, FileMapping
from planning.layers.models import Layer, LayerDraft, LayerPoint
from planning.layers.selectors import layers
from planning.layers.words import oddity, told


class LayerSerializer(serializers.ModelSerializer[Layer]):
    """A layer; its places stand under ``points``."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Layer
        fields = (
            "id", "kind", "origin", "name", "source", "source_on", "licence", "note", "file_name",
            "file_sha256", "content_sha256", "read_as", "row_count", "left_out_count",
            "weight_total", "is_archived", "created_by", "created_at",
        )  # fmt: skip


class LayerPointSerializer(serializers.ModelSerializer[LayerPoint]):
    """One place of a layer, in WGS 84."""

    class Meta:
        model = LayerPoint
        fields = ("number", "label", "longitude", "latitude", "weight", "values", "geometry")


class LayerChangeSerializer(Input):
    """What may be written of a layer."""

    name = serializers.CharField(max_length=120, required=False)
    source = serializers.CharField(max_length=200, required=False)  # type: ignore[assignment]  # also an attribute of fields
    source_on = serializers.DateField(allow_null=True, required=False)
    licence = serializers.CharField(max_length=120, allow_blank=True, required=False)
    note = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    is_archived = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False, default="")


class LayerFileSerializer(Input):
    """A file to look at."""

    kind = serializers.ChoiceField(choices=LayerKind.choices)
    file_name = serializers.CharField(max_length=150, required=False, default="layer.csv")
    content = serializers.CharField(help_text="The file in base64.")


class FileMappingSerializer(Input):
    """How the columns are read. ``epsg`` 0: as the numbers suggest. ``placed_from``: the id of a
    layer whose places give the positions, by the names or codes in the column ``placed_by``."""

    kind = serializers.ChoiceField(choices=LayerKind.choices, required=False)
    table = serializers.CharField(max_length=120, allow_blank=True, required=False, default="")
    longitude = serializers.CharField(max_length=100, allow_blank=True, required=False)
    latitude = serializers.CharField(max_length=100, allow_blank=True, required=False)
    weight = serializers.CharField(max_length=100, allow_blank=True, required=False)
    label = serializers.CharField(max_length=100, allow_blank=True, required=False)  # type: ignore[assignment]  # also an attribute of fields
    epsg = serializers.IntegerField(min_value=0, max_value=999_999, required=False)
    is_swapped = serializers.BooleanField(required=False)
    leaves_out_wrong = serializers.BooleanField(required=False)
    duplicates = serializers.ChoiceField(choices=[REFUSE, KEEP, FIRST, SUM], required=False)
    extras = serializers.DictField(child=serializers.CharField(max_length=100), required=False)
    placed_from = serializers.CharField(max_length=24, allow_blank=True, required=False)
    placed_by = serializers.CharField(max_length=100, allow_blank=True, required=False)


class LayerCommitSerializer(Input):
    """Confirms what ``digest`` stands for, and says what the layer is."""

    digest = serializers.CharField(max_length=64)
    name = serializers.CharField(max_length=120)
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]  # also an attribute of fields
    source_on = serializers.DateField(allow_null=True, required=False)
    licence = serializers.CharField(max_length=120, allow_blank=True, required=False)
    note = serializers.CharField(max_length=2000, allow_blank=True, required=False)


class LayerProblemSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a file; row 0: with all of it."""

    code = serializers.CharField()
    row = serializers.IntegerField()
    column = serializers.CharField()
    value = serializers.CharField()
    reason = serializers.CharField()
    cure = serializers.CharField()


class LayerDraftSerializer(serializers.Serializer[Any]):
    """A file on the way in with what importing it would keep; ``digest`` confirms that."""

    id = serializers.CharField()
    kind = serializers.CharField()
    file_name = serializers.CharField()
    read_as = serializers.CharField()
    table = serializers.CharField()
    tables = serializers.ListField(child=serializers.CharField())
    columns = serializers.ListField(child=serializers.CharField())
    mapping = serializers.DictField()
    epsg = serializers.IntegerField()
    row_count = serializers.IntegerField()
    left_out_count = serializers.IntegerField()
    problem_count = serializers.IntegerField()
    problems = LayerProblemSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField())
    digest = serializers.CharField()


def _shown(draft: LayerDraft) -> dict[str, Any]:
    table, plan = drafts.table_of(draft), drafts.plan_of_draft(draft)
    return {
        "id": draft.public_id,
        "kind": draft.kind,
        "file_name": draft.file_name,
        "read_as": draft.read_as,
        "table": draft.table,
        "tables": table.tables,
        "columns": table.columns,
        "mapping": draft.mapping,
        "epsg": plan.epsg,
        "row_count": len(plan.spots),
        "left_out_count": plan.left_out,
        "problem_count": plan.problem_count,
        "problems": [asdict(told(one)) for one in plan.problems],
        "warnings": [oddity(one) for one in plan.warnings],
        "digest": plan.digest(draft.kind),
    }


class LayerList(ListView):
    """All layers."""

    read_permission = Permission.PLANNING_VIEW
    serializer_class = LayerSerializer
    filterset_class = LayerFilter

    def rows(self) -> QuerySet[Layer]:
        """Of the caller's operator."""
        return layers()


class LayerDetail(DetailView):
    """One layer; PATCH changes its description or puts it away, DELETE deletes it."""

    read_permission = Permission.PLANNING_VIEW
    write_permission = Permission.PLANNING_EDIT
    serializer_class = LayerSerializer

    def get_object(self) -> Layer:
        """The caller's own, or 404."""
        return get_object_or_404(layers(), public_id=self.kwargs["ref"])

    @extend_schema(request=LayerChangeSerializer, responses=LayerSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a layer's description; what is not given stays."""
        layer = self.get_object()
        given = LayerChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        away, reason = values.pop("is_archived", None), values.pop("reason", "")
        layer = services.change_layer(layer=layer, reason=reason, **values)
        if away is not None:
            services.archive_layer(layer=layer, is_archived=away, reason=reason)
        return Response(LayerSerializer(layer).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Delete a layer; 409 when something has read it."""
        services.delete_layer(layer=self.get_object())
        return Response(status=204)


class LayerPoints(ListView):
    """The places of a layer."""

    read_permission = Permission.PLANNING_VIEW
    serializer_class = LayerPointSerializer

    def rows(self) -> QuerySet[LayerPoint]:
        """Of one layer of the caller."""
        layer = get_object_or_404(layers(), public_id=self.kwargs["ref"])
        return layer.points.order_by("number")


class LayerFiles(ScopedView):
    """POST sends a file."""

    write_permission = Permission.PLANNING_EDIT

    @extend_schema(request=LayerFileSerializer, responses={201: LayerDraftSerializer})
    def post(self, request: Request) -> Response:
        """Send a file. No layer is made; the answer says what importing it would keep."""
        given = LayerFileSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        try:
            raw = base64.b64decode(values["content"], validate=True)
        except binascii.Error as error:
            raise InvalidInput("not_base64", _("This is no base64."), field="content") from error
        draft = drafts.begin(
            operator=operator_of(request), kind=values["kind"], name=values["file_name"], raw=raw
        )
        return Response(_shown(draft), status=201)


class LayerFile(ScopedView):
    """A file on the way in; PATCH reads it in another way, DELETE discards it."""

    read_permission = write_permission = Permission.PLANNING_EDIT

    @extend_schema(responses=LayerDraftSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """What importing it would keep."""
        return Response(_shown(_draft(ref)))

    @extend_schema(request=FileMappingSerializer, responses=LayerDraftSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Read the file in another way; what is not given stays. Another kind or table begins
        with a fresh guess."""
        draft = _draft(ref)
        given = FileMappingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        kind, table = values.pop("kind", draft.kind), values.pop("table", "")
        if unknown := set(values.get("extras", {})) - set(EXTRAS.get(kind, ())):
            raise InvalidInput(
                "unknown_extra",
                _("This kind of layer has no %(name)s.") % {"name": min(unknown)},
                field="extras",
            )
        mapping = FileMapping(**{**drafts.mapping_of(draft).as_json(), **values})
        changed = drafts.set_mapping(draft=draft, kind=kind, mapping=mapping, table=table)
        return Response(_shown(changed))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Discard the file."""
        drafts.discard(draft=_draft(ref))
        return Response(status=204)


class LayerFileCommit(ScopedView):
    """POST makes a layer of the file."""

    write_permission = Permission.PLANNING_EDIT

    @extend_schema(request=LayerCommitSerializer, responses={201: LayerSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Keep all of it, or nothing; 409 when the digest stands for something else."""
        draft = _draft(ref)
        given = LayerCommitSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        shown = values.pop("digest")
        result = drafts.commit(draft=draft, shown=shown, **values)
        if result.layer is None:
            raise drafts.changed_since()
        return Response(LayerSerializer(result.layer).data, status=201)


def _draft(ref: str) -> LayerDraft:
    draft: LayerDraft = get_object_or_404(LayerDraft.objects.all(), public_id=ref)
    return draft


urls = [
    address("layers", LayerList, "layers"),
    address("layers/{ref}", LayerDetail, "layer"),
    address("layers/{ref}/points", LayerPoints, "layer_points"),
    address("layer-files", LayerFiles, "layer_files"),
    address("layer-files/{ref}", LayerFile, "layer_file"),
    address("layer-files/{ref}/commit", LayerFileCommit, "layer_file_commit"),
]
