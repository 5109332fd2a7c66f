"""Reading layers: rows for lists, points as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from planning.layers.facts import Points, points_from
from planning.layers.models import Layer, LayerPoint
from planning.layers.placing import Home, homes_by_name

COLUMNS = ("id", "layer_id", "longitude", "latitude", "weight", "label", "values")


def layers() -> QuerySet[Layer]:
    """All layers in scope."""
    rows: QuerySet[Layer] = Layer.objects.all()
    return rows


def usable_layers(*kinds: str) -> QuerySet[Layer]:
    """Those not put away, of some kinds or of all."""
    rows = layers().filter(is_archived=False)
    return rows.filter(kind__in=kinds) if kinds else rows


def layers_named(
    public_ids: Sequence[str], field: str, among: QuerySet[Layer] | None = None
) -> list[Layer]:
    """Layers in the order of their ids, of those not put away unless told; InvalidInput when one
    is not there."""
    rows = usable_layers() if among is None else among
    found = {one.public_id: one for one in rows.filter(public_id__in=public_ids)}
    if any(one not in found for one in public_ids):
        raise InvalidInput("unknown_layer", _("There is no layer with this id."), field=field)
    return [found[one] for one in public_ids]


def points_of(chosen: Iterable[Layer]) -> Points:
    """The points of layers as arrays, by layer and row, with one query."""
    ids = [layer.pk for layer in chosen]
    rows = LayerPoint.objects.filter(layer_id__in=ids).order_by("layer_id", "number")
    return points_from(list(rows.values_list(*COLUMNS)) if ids else [])


def homes_of(public_id: str) -> dict[str, list[Home]]:
    """The places of a layer by their names and codes, with one query; none where it is gone."""
    rows = LayerPoint.objects.filter(layer__public_id=public_id).order_by("number")
    columns = ("label", "values", "longitude", "latitude", "geometry")
    return homes_by_name(Home(*row) for row in rows.values_list(*columns))


def lines_of(chosen: Iterable[Layer]) -> list[tuple[str, float, Any, Any]]:
    """Label, weight, values and geometry of every row of layers, with one query."""
    ids = [layer.pk for layer in chosen]
    rows = LayerPoint.objects.filter(layer_id__in=ids).order_by("layer_id", "number")
    return list(rows.values_list("label", "weight", "values", "geometry")) if ids else []


def shapes_of(chosen: Iterable[Layer]) -> list[Any]:
    """The geometries of areas, as GeoJSON."""
    return [
        geometry
        for _label, _weight, _values, geometry in lines_of(chosen)
        if geometry and geometry.get("type") in ("Polygon", "MultiPolygon")
    ]
