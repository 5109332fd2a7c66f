"""REST: candidate sites on a hexagonal grid."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.accounts.permissions import Permission
from core.api.inputs import Input
from core.api.permissions import operator_of
from core.api.urls import address
from core.api.views import ScopedView
from planning.demand.generating import MOST, generate_candidates
from planning.layers.api import LayerSerializer
from planning.layers.hexagons import COARSEST, FINEST, Grid
from planning.layers.selectors import layers_named


class CandidateGridSerializer(Input):
    """A grid: layers by public id, H3 resolution, and how near to demand and roads."""

    name = serializers.CharField(max_length=120)
    demand = serializers.ListField(child=serializers.CharField(max_length=24), min_length=1)
    roads = serializers.ListField(child=serializers.CharField(max_length=24), required=False)
    resolution = serializers.IntegerField(min_value=COARSEST, max_value=FINEST, required=False)
    demand_km = serializers.FloatField(min_value=0, max_value=100, required=False)
    road_km = serializers.FloatField(min_value=0, max_value=100, required=False)
    most = serializers.IntegerField(min_value=1, max_value=MOST, required=False)


class CandidateGrids(ScopedView):
    """POST generates a layer of candidates."""

    write_permission = Permission.PLANNING_EDIT

    @extend_schema(request=CandidateGridSerializer, responses={201: LayerSerializer})
    def post(self, request: Request) -> Response:
        """The new layer; 422 for a grid that cannot be."""
        given = CandidateGridSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = {**given.validated_data}
        name = values.pop("name")
        chosen = {role: layers_named(values.pop(role, []), role) for role in ("demand", "roads")}
        layer = generate_candidates(
            operator=operator_of(request), name=name, grid=Grid(**values), **chosen
        )
        return Response(LayerSerializer(layer).data, status=201)


urls = [address("candidate-grids", CandidateGrids, "candidate_grids")]
