"""REST: the model catalogue."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.fields import ReasonSerializer
from core.api.inputs import Input, Strict
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from stations.hardware.catalogue import services
from stations.hardware.catalogue.filters import ModelFilter
from stations.hardware.catalogue.models import HardwareModel, ModelQuirk
from stations.hardware.catalogue.selectors import hardware_models

_WRITABLE = (
    "vendor", "model", "name", "ocpp_version", "security_profile", "evses", "documentation_url",
    "newest_firmware", "note",
)  # fmt: skip


class ModelQuirkSerializer(serializers.ModelSerializer[ModelQuirk]):
    """One quirk of a model; ``value`` as docs/reconciliation.md says."""

    class Meta:
        model = ModelQuirk
        fields = ("id", "name", "value", "firmware", "note", "created_at")


class HardwareModelSerializer(serializers.ModelSerializer[HardwareModel]):
    """A model with its quirks."""

    id = serializers.CharField(source="public_id")
    quirks = ModelQuirkSerializer(many=True)
    station_count = serializers.IntegerField(default=0)

    class Meta:
        model = HardwareModel
        fields = ("id", *_WRITABLE, "retired_on", "created_at", "station_count", "quirks")


class ModelWriteSerializer(Strict, serializers.ModelSerializer[HardwareModel]):
    """What may be written of a model."""

    evses = serializers.ListField(child=serializers.DictField(), required=False, max_length=20)
    reason = serializers.CharField(max_length=500, required=False, write_only=True)

    class Meta:
        model = HardwareModel
        fields = (*_WRITABLE, "reason")


class QuirkWriteSerializer(Input):
    """A quirk to add."""

    name = serializers.CharField(max_length=40)
    value = serializers.JSONField()
    firmware = serializers.CharField(max_length=100, required=False, allow_blank=True)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)


def _find(ref: str) -> HardwareModel:
    model: HardwareModel = get_object_or_404(
        hardware_models().prefetch_related("quirks"), public_id=ref
    )
    return model


def _shown(model: HardwareModel) -> Response:
    return Response(HardwareModelSerializer(_find(model.public_id)).data)


class ModelList(ListView):
    """All models; POST adds one."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = HardwareModelSerializer
    filterset_class = ModelFilter

    def rows(self) -> QuerySet[HardwareModel]:
        """Models of the caller's operator."""
        return hardware_models().prefetch_related("quirks")

    @extend_schema(request=ModelWriteSerializer, responses={201: HardwareModelSerializer})
    def post(self, request: Request) -> Response:
        """Add a model."""
        given = ModelWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = {**given.validated_data}
        values.pop("reason", None)
        made = services.create_model(operator=operator_of(request), **values)
        return Response(HardwareModelSerializer(_find(made.public_id)).data, status=201)


class ModelDetail(DetailView):
    """One model; PATCH changes it."""

    read_permission = Permission.NETWORK_VIEW
    write_permission = Permission.NETWORK_EDIT
    serializer_class = HardwareModelSerializer

    def get_object(self) -> HardwareModel:
        """The model, or 404."""
        return _find(self.kwargs["ref"])

    @extend_schema(request=ModelWriteSerializer, responses=HardwareModelSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change a model."""
        model = _find(ref)
        given = ModelWriteSerializer(model, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        return _shown(services.change_model(hardware_model=model, **given.validated_data))


class ModelRetirement(ScopedView):
    """POST no longer offers a model for new stations."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReasonSerializer, responses=HardwareModelSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Retire a model."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return _shown(services.retire_model(model=_find(ref), **given.validated_data))


class ModelReinstatement(ScopedView):
    """POST offers a model again."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReasonSerializer, responses=HardwareModelSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Take a model back into use."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return _shown(services.reinstate_model(model=_find(ref), **given.validated_data))


class ModelQuirks(ScopedView):
    """POST adds a quirk to a model."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=QuirkWriteSerializer, responses={201: ModelQuirkSerializer})
    def post(self, request: Request, ref: str) -> Response:
        """Add a quirk; sessions that are already read stay as they are."""
        model = _find(ref)
        given = QuirkWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        quirk = services.add_quirk(model=model, **given.validated_data)
        return Response(ModelQuirkSerializer(quirk).data, status=201)


class ModelQuirkRemoval(ScopedView):
    """POST takes a quirk of a model away."""

    write_permission = Permission.NETWORK_EDIT

    @extend_schema(request=ReasonSerializer, responses=HardwareModelSerializer)
    def post(self, request: Request, ref: str, number: str) -> Response:
        """Remove a quirk; sessions that are already read stay as they are."""
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        model = _find(ref)
        quirk = get_object_or_404(ModelQuirk.objects.filter(hardware_model=model), pk=int(number))
        services.remove_quirk(quirk=quirk, **given.validated_data)
        return _shown(model)


urls = [
    address("catalogue", ModelList, "models"),
    address("catalogue/{ref}", ModelDetail, "model"),
    address("catalogue/{ref}/retire", ModelRetirement, "model_retire"),
    address("catalogue/{ref}/reinstate", ModelReinstatement, "model_reinstate"),
    address("catalogue/{ref}/quirks", ModelQuirks, "model_quirks"),
    address("catalogue/{ref}/quirks/{number}/remove", ModelQuirkRemoval, "model_quirk_remove"),
]
