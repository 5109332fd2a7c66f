"""REST: demand models and what they find."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import DetailView, ListView, ScopedView
from planning.demand import selectors, services
from planning.demand.lists import DemandModelFilter
from planning.demand.measured import calibration_of, growth_table
from planning.demand.models import DemandModel
from planning.demand.summary import summary_of
from planning.layers.selectors import layers_named


class DemandModelSerializer(serializers.ModelSerializer[DemandModel]):
    """A demand model. ``assumptions``: those that differ from the defaults."""

    id = serializers.CharField(source="public_id")
    layers = serializers.SerializerMethodField()

    class Meta:
        model = DemandModel
        fields = (
            "id", "name", "version", "assumptions", "layers", "history", "target_year", "note",
            "created_at", "changed_at",
        )  # fmt: skip

    def get_layers(self, model: DemandModel) -> list[str]:
        """Public ids of the layers that it counts."""
        return [one.layer.public_id for one in model.chosen.all()]


class DemandModelInput(Input):
    """A demand model. Layers by public id; assumptions by name, the defaults for the rest.
    ``history``: electric cars as pairs of year and number; with ``target_year`` it gives the
    growth."""

    name = serializers.CharField(max_length=120)
    layers = serializers.ListField(child=serializers.CharField(max_length=24), min_length=1)
    assumptions = serializers.DictField(child=serializers.FloatField(), required=False)
    history = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        required=False,
        max_length=100,
    )
    target_year = serializers.IntegerField(
        min_value=2000, max_value=2100, required=False, allow_null=True
    )
    note = serializers.CharField(max_length=2000, allow_blank=True, required=False)


class DemandPlaceSerializer(serializers.Serializer[Any]):
    """A place's energy, and the factors whose product it is."""

    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    longitude = serializers.FloatField()
    latitude = serializers.FloatField()
    kwh = serializers.FloatField()
    need = serializers.CharField()
    factors = serializers.DictField(child=serializers.FloatField())


class DemandSwaySerializer(serializers.Serializer[Any]):
    """An assumption with a low and a high value, and a year's kWh under each."""

    name = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    low_kwh = serializers.FloatField()
    high_kwh = serializers.FloatField()


class DemandYearSerializer(serializers.Serializer[Any]):
    """Electric cars in a year: those known, the curve, and what nine in ten years lie between."""

    year = serializers.IntegerField()
    known = serializers.FloatField(allow_null=True)
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class DemandAreaSerializer(serializers.Serializer[Any]):
    """An area with a history: its last known number of electric cars, the curve in the year meant
    with what nine in ten years lie between, and the factor of growth."""

    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of fields
    last_year = serializers.IntegerField()
    last = serializers.FloatField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    growth = serializers.FloatField()


class DemandComparedSerializer(serializers.Serializer[Any]):
    """A site of ours: what it sold in a year beside what the model says comes to it."""

    name = serializers.CharField(source="sold.name")
    sold_kwh = serializers.FloatField(source="sold.kwh")
    model_kwh = serializers.FloatField()
    ratio = serializers.FloatField(allow_null=True)


class DemandCalibrationSerializer(serializers.Serializer[Any]):
    """The factor by which own sites sold more than the model says, and what nine in ten such
    factors lie between; null when fewer than three sites tell."""

    factor = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    sites = DemandComparedSerializer(many=True)


class DemandResultSerializer(serializers.Serializer[Any]):
    """What a model finds: kWh a year in all and by need, kWh in each hour of an average day, the
    places that ask for most, what moves the total most, how electric cars grow, in all and in the
    areas with a history (the 500 with most), and what own sites sold beside it."""

    total_kwh = serializers.FloatField()
    place_count = serializers.IntegerField()
    by_need = serializers.DictField(child=serializers.FloatField())
    by_hour = serializers.ListField(child=serializers.FloatField())
    places = DemandPlaceSerializer(many=True)
    sensitivity = DemandSwaySerializer(many=True)
    growth = DemandYearSerializer(many=True)
    areas = DemandAreaSerializer(many=True)
    calibration = DemandCalibrationSerializer()


class DemandModelList(ListView):
    """All demand models; POST makes one."""

    read_permission = Permission.PLANNING_VIEW
    write_permission = Permission.PLANNING_EDIT
    serializer_class = DemandModelSerializer
    filterset_class = DemandModelFilter

    def rows(self) -> QuerySet[DemandModel]:
        """Models of the caller's operator."""
        return selectors.demand_models().prefetch_related("chosen__layer")

    @extend_schema(request=DemandModelInput, responses={201: DemandModelSerializer})
    def post(self, request: Request) -> Response:
        """Make one; 422 for layers and assumptions that cannot be."""
        given = DemandModelInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        chosen = layers_named(values.pop("layers"), "layers")
        model = services.create_model(operator=operator_of(request), layers=chosen, **values)
        return Response(DemandModelSerializer(model).data, status=201)


class DemandModelDetail(DetailView):
    """One model; PATCH changes it, DELETE deletes it."""

    read_permission = Permission.PLANNING_VIEW
    write_permission = Permission.PLANNING_EDIT
    serializer_class = DemandModelSerializer

    def get_object(self) -> DemandModel:
        """The caller's own, or 404."""
        return _model(self.kwargs["ref"])

    @extend_schema(request=DemandModelInput(partial=True), responses=DemandModelSerializer)
    def patch(self, request: Request, ref: str) -> Response:
        """Change it; what is not given stays."""
        model = self.get_object()
        given = DemandModelInput(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        if "layers" in values:
            among = selectors.choosable(model)
            values["layers"] = layers_named(values["layers"], "layers", among)
        changed = services.change_model(model=model, **values)
        return Response(DemandModelSerializer(changed).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, ref: str) -> Response:
        """Delete it; layers and studies stay."""
        services.delete_model(model=self.get_object())
        return Response(status=204)


class DemandModelResult(ScopedView):
    """GET computes a model."""

    read_permission = Permission.PLANNING_VIEW

    @extend_schema(responses=DemandResultSerializer)
    def get(self, request: Request, ref: str) -> Response:
        """Energy by need, hour and place, with its sensitivity, growth and calibration."""
        model = _model(ref)
        summary = summary_of(model)
        found = {
            **summary,
            "growth": growth_table(model, summary["area_years"]),
            "calibration": calibration_of(model),
        }
        return Response(DemandResultSerializer(found).data)


class DemandCalibrate(ScopedView):
    """POST calibrates a model."""

    write_permission = Permission.PLANNING_EDIT

    @extend_schema(request=None, responses=DemandModelSerializer)
    def post(self, request: Request, ref: str) -> Response:
        """Against what own sites sold in a year; 409 where fewer than three tell."""
        changed = services.calibrate_model(model=_model(ref))
        return Response(DemandModelSerializer(changed).data)


def _model(ref: str) -> DemandModel:
    model: DemandModel = get_object_or_404(selectors.demand_models(), public_id=ref)
    return model


urls = [
    address("demand", DemandModelList, "demand_models"),
    address("demand/{ref}", DemandModelDetail, "demand_model"),
    address("demand/{ref}/calibrate", DemandCalibrate, "demand_model_calibrate"),
    address("demand/{ref}/result", DemandModelResult, "demand_model_result"),
]
