"""What the map of a layer shows: places with circles by their number, lines and areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from planning.layers.facts import Spot
from planning.layers.models import Layer

MOST_MARKS: Final = 2_000
_LEAST, _MOST = 3.0, 22.0


def layer_marks(layer: Layer) -> list[dict[str, Any]]:
    """The heaviest places of a layer."""
    rows = layer.points.order_by("-weight", "number")[:MOST_MARKS]
    return marks_of(
        [
            Spot(one.longitude, one.latitude, one.weight, one.label, {}, one.geometry)
            for one in rows.defer("values")
        ]
    )


def marks_of(spots: Sequence[Spot]) -> list[dict[str, Any]]:
    """Circles whose areas go with the numbers (small ones where all are the same), the heaviest
    first, so that small ones lie on top; lines and areas as they are."""
    chosen = sorted(spots, key=lambda one: -one.weight)[:MOST_MARKS]
    most = chosen[0].weight if chosen and chosen[0].weight != chosen[-1].weight else 0.0
    return [
        {
            "name": one.label,
            "latitude": one.latitude,
            "longitude": one.longitude,
            "radius": radius(one.weight, most),
            "number": round(one.weight, 2),
            **({"geometry": one.geometry} if one.geometry else {}),
        }
        for one in chosen
    ]


def radius(weight: float, most: float) -> float:
    """Pixels of a circle."""
    if most <= 0:
        return 2 * _LEAST
    return round(_LEAST + (_MOST - _LEAST) * math.sqrt(weight / most), 1)
