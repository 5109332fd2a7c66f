"""Reading layers: rows for lists, points as arrays."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from planning.layers.facts import Points, points_from
from planning.layers.models import Layer, LayerPoint

COLUMNS = ("id", "layer_id", "longitude", "latitude", "weight", "label", "values")


def layers() -> QuerySet[Layer]:
    """All layers in scope."""
    rows: QuerySet[Layer] = Layer.objects.all()
    return rows


def usable_layers(*kinds: str) -> QuerySet[Layer]:
    """Those not put away, of some kinds or of all."""
    rows = layers().filter(is_archived=False)
    return rows.filter(kind__in=kinds) if kinds else rows


def points_of(chosen: Iterable[Layer]) -> Points:
    """The points of layers as arrays, by layer and row, with one query."""
    ids = [layer.pk for layer in chosen]
    rows = LayerPoint.objects.filter(layer_id__in=ids).order_by("layer_id", "number")
    return points_from(list(rows.values_list(*COLUMNS)) if ids else [])
