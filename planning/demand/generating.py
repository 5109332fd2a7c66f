"""A layer of candidate sites generated from layers of demand and of roads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import Operator
from core.errors import InvalidInput
from planning.demand.selectors import demand_of_layers
from planning.layers.facts import Points, Spot, points_of_spots
from planning.layers.hexagons import COARSEST, FINEST, Grid, GridError, candidates_on, lines_in
from planning.layers.kinds import DEMAND_KINDS, LayerKind, LayerOrigin
from planning.layers.models import Layer
from planning.layers.selectors import lines_of
from planning.layers.services import keep_layer

ROAD_KINDS: Final = (LayerKind.ROADS, LayerKind.TRAFFIC)
MOST: Final = 5_000
REFUSALS: Final[Mapping[str, tuple[str, str | Promise]]] = {
    "no_lines": (
        "roads",
        gettext_lazy("These layers have no line of a road; import lines, or choose none."),
    ),
    "too_fine": (
        "resolution",
        gettext_lazy("That would be too many hexagons. Choose larger ones or shorter distances."),
    ),
}


@transaction.atomic
def generate_candidates(
    *,
    operator: Operator,
    name: str,
    demand: Sequence[Layer],
    roads: Sequence[Layer] = (),
    grid: Grid,
) -> Layer:
    """Keep the hexagons near demand (and roads) as a layer of candidates, ranked by the MWh a year
    that the demand model's usual assumptions say are asked for around them.

    Refused without demand, for layers of other kinds, for grids that are too fine, and when no
    hexagon is left.
    """
    _check(demand, roads, grid)
    lines = lines_in([geometry for *_rest, geometry in lines_of(roads)])
    try:
        spots = candidates_on(grid, _energy(demand), lines)
    except GridError as error:
        field, words = REFUSALS[error.code]
        raise InvalidInput(error.code, str(words), field=field) from error
    if not spots:
        raise InvalidInput("no_hexagon", _("No hexagon lies near enough. Widen the distances."))
    used = [*demand, *roads]
    return keep_layer(
        operator=operator,
        kind=LayerKind.CANDIDATES,
        origin=LayerOrigin.GENERATED,
        spots=spots,
        name=name,
        source=", ".join(one.name for one in used)[:200],
        licence=", ".join(sorted({one.licence for one in used if one.licence}))[:120],
        mapping={"grid": asdict(grid), "layers": [one.public_id for one in used]},
        read_as=f"H3 {grid.resolution}",
    )


def _energy(layers: Sequence[Layer]) -> Points:
    """What layers ask for in one unit, MWh a year: cars, inhabitants and visits do not add up."""
    found = demand_of_layers(layers, {})
    rows = zip(found.longitude, found.latitude, found.kwh / 1000, found.labels, strict=True)
    return points_of_spots(
        [Spot(float(x), float(y), float(mwh), label) for x, y, mwh, label in rows]
    )


def _check(demand: Sequence[Layer], roads: Sequence[Layer], grid: Grid) -> None:
    if not demand:
        raise InvalidInput("no_demand_layer", _("Choose a layer of demand."), field="demand")
    for field, chosen, kinds in (("demand", demand, DEMAND_KINDS), ("roads", roads, ROAD_KINDS)):
        for layer in chosen:
            if layer.kind not in kinds:
                raise InvalidInput(
                    "wrong_layer", _("%(name)s is no layer for this.") % {"name": layer},
                    field=field,
                )  # fmt: skip
    if (grid.road_km is not None) != bool(roads):
        raise InvalidInput(
            "roads_and_distance",
            _("Roads need a distance to them, and the other way round."),
            field="road_km",
        )
    far = (grid.demand_km, grid.road_km or 0.0)
    fits = COARSEST <= grid.resolution <= FINEST and 1 <= grid.most <= MOST
    if not fits or any(not 0 <= one <= 100 for one in far):
        raise InvalidInput("grid_range", _("These figures cannot be."), field="resolution")
