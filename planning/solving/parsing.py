"""Reads a problem of site planning from JSON (pure); the forms are those of docs/planning.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from planning.solving.problems import (
    EUCLIDEAN,
    GREAT_CIRCLE,
    METRICS,
    TIME_LIMIT_S,
    Covering,
    Edge,
    Median,
    Network,
    Point,
    Problem,
    Refuelling,
)
from planning.solving.reading import (
    Item,
    ProblemError,
    index,
    number,
    positive,
    row,
    rows,
    wanted,
    whole,
)

MOST_CELLS: Final = 64_000_000
"""Demand times sites of a p-median: half a gibibyte of distances."""
MOST_VERTICES: Final = 5_000
LONGEST_S: Final = 24 * 3600.0


def parse_problem(item: Any) -> Problem:
    """The problem, or ProblemError that names the member at fault."""
    if not isinstance(item, Mapping):
        raise ProblemError("not_an_object", "A problem must be a JSON object")
    model = wanted(item, "model")
    if not isinstance(model, str) or model not in _MODELS:
        known = ", ".join(_MODELS)
        raise ProblemError("unknown_model", f"The model must be one of {known}", "model")
    return _MODELS[model](item)


def _median(item: Item) -> Median:
    if ("edges" in item) == ("points" in item):
        raise ProblemError("missing", "Either edges or points are wanted", "edges")
    return _median_network(item) if "edges" in item else _median_points(item)


def _median_network(item: Item) -> Median:
    network = _network(item)
    weights = _weights(item, network.size)
    candidates, existing = _sites(item, network.size, 1)
    costs = [cost for _, _, cost in network.edges]
    return Median(
        p=_count(item),
        weights=weights,
        candidates=candidates,
        existing=existing,
        network=network,
        integral=_integral(weights) and _integral(costs),
        first=1,
        time_limit_s=_time_limit(item),
    )


def _median_points(item: Item) -> Median:
    metric = _metric(item)
    points, own = _weighted(item, "points", metric)
    weights = _weights(item, len(points)) if "weights" in item else own
    places: tuple[Point, ...] = ()
    given = item.get("candidates")
    if isinstance(given, list) and given and isinstance(given[0], list):
        places = _points(item, "candidates", metric)
        candidates, existing = _sites({**item, "candidates": None}, len(places), 0)
    else:
        candidates, existing = _sites(item, len(points), 0)
    sites = len(places) or len(candidates) + len(existing)
    if len(points) * sites > MOST_CELLS:
        raise ProblemError(
            "too_large", f"{len(points)} points times {sites} sites are too many", "points"
        )
    return Median(
        p=_count(item),
        weights=weights,
        candidates=candidates,
        existing=existing,
        points=points,
        places=places,
        metric=metric,
        time_limit_s=_time_limit(item),
    )


def _covering(item: Item) -> Covering:
    metric = _metric(item)
    demand, own = _weighted(item, "demand", metric)
    weights = _weights(item, len(demand)) if "weights" in item else own
    given = item.get("candidates")
    candidates = demand if given is None else _points(item, "candidates", metric)
    return Covering(
        p=_count(item),
        radius=positive(wanted(item, "radius"), "radius"),
        demand=demand,
        weights=weights,
        candidates=candidates,
        existing=_indices(item, "existing", 0, len(candidates)),
        metric=metric,
        integral=_integral(weights),
        time_limit_s=_time_limit(item),
    )


def _refuelling(item: Item) -> Refuelling:
    network = _network(item)
    flows: list[Edge] = []
    for place, one in enumerate(rows(wanted(item, "flows"), "flows")):
        at = f"flows[{place}]"
        begin, end, volume = row(one, at, 3)
        flows.append(
            (
                index(begin, f"{at}[0]", 1, network.size),
                index(end, f"{at}[1]", 1, network.size),
                positive(volume, f"{at}[2]"),
            )
        )
    return Refuelling(
        p=_count(item),
        range=positive(wanted(item, "range"), "range", zero=False),
        network=network,
        flows=tuple(flows),
        integral=_integral([volume for _, _, volume in flows]),
        time_limit_s=_time_limit(item),
    )


def _network(item: Item) -> Network:
    """Vertices count from 1; of repeated edges the last counts, whichever way it is written."""
    size = item.get("n")
    highest = 0 if size is None else whole(size, "n")
    given: dict[tuple[int, int], float] = {}
    for place, one in enumerate(rows(wanted(item, "edges"), "edges")):
        at = f"edges[{place}]"
        begin, end, cost = row(one, at, 3)
        limit = MOST_VERTICES if size is None else highest
        ends = (index(begin, f"{at}[0]", 1, limit), index(end, f"{at}[1]", 1, limit))
        given[min(ends), max(ends)] = positive(cost, f"{at}[2]")
    if size is None:
        highest = 1 + max(end for _, end in given)
        if isinstance(item.get("weights"), list):
            highest = max(highest, len(item["weights"]))
    if highest > MOST_VERTICES:
        raise ProblemError("too_large", f"{highest} vertices are too many", "n")
    edges = ((one, other, cost) for (one, other), cost in given.items() if one != other)
    return Network(highest, tuple(edges))


def _weighted(item: Item, name: str, metric: str) -> tuple[tuple[Point, ...], tuple[float, ...]]:
    """Points with their weights, 1 where none is given."""
    found, weights = [], []
    for place, one in enumerate(rows(wanted(item, name), name)):
        at = f"{name}[{place}]"
        values = row(one, at, 2, 3)
        found.append(_point(values, at, metric))
        weights.append(positive(values[2], f"{at}[2]") if len(values) == 3 else 1.0)
    return tuple(found), tuple(weights)


def _points(item: Item, name: str, metric: str) -> tuple[Point, ...]:
    return tuple(
        _point(row(one, f"{name}[{place}]", 2, 3), f"{name}[{place}]", metric)
        for place, one in enumerate(rows(item[name], name))
    )


def _point(values: list[Any], at: str, metric: str) -> Point:
    x, y = number(values[0], f"{at}[0]"), number(values[1], f"{at}[1]")
    if metric == GREAT_CIRCLE and abs(x) > 180:
        raise ProblemError("not_a_longitude", f"{x} is no longitude", f"{at}[0]")
    if metric == GREAT_CIRCLE and abs(y) > 90:
        raise ProblemError(
            "not_a_latitude", f"{y} is no latitude (x is longitude, y latitude)", f"{at}[1]"
        )
    return x, y


def _weights(item: Item, size: int) -> tuple[float, ...]:
    if item.get("weights") is None:
        return (1.0,) * size
    given = row(item["weights"], "weights", size)
    return tuple(positive(one, f"weights[{place}]") for place, one in enumerate(given))


def _sites(item: Item, size: int, first: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where a site can be built, and where one stands."""
    existing = _indices(item, "existing", first, size)
    if item.get("candidates") is None:
        candidates: tuple[int, ...] = tuple(range(size))
    else:
        rows(item["candidates"], "candidates")
        candidates = _indices(item, "candidates", first, size)
    standing = set(existing)
    return tuple(one for one in candidates if one not in standing), existing


def _indices(item: Item, name: str, first: int, size: int) -> tuple[int, ...]:
    found: dict[int, None] = {}
    given = item.get(name)
    for place, one in enumerate(row([] if given is None else given, name)):
        at = f"{name}[{place}]"
        value = index(one, at, first, size)
        if value in found:
            raise ProblemError("duplicate", f"{value + first} stands twice", at)
        found[value] = None
    return tuple(found)


def _count(item: Item) -> int:
    found = whole(wanted(item, "p"), "p")
    if found < 0:
        raise ProblemError("negative", "p is negative", "p")
    return found


def _metric(item: Item) -> str:
    given = item.get("metric")
    found = EUCLIDEAN if given is None else given
    if not isinstance(found, str) or found not in METRICS:
        raise ProblemError(
            "unknown_metric", f"The metric must be {EUCLIDEAN} or {GREAT_CIRCLE}", "metric"
        )
    return found


def _time_limit(item: Item) -> float:
    if item.get("time_limit") is None:
        return TIME_LIMIT_S
    return min(positive(item["time_limit"], "time_limit", zero=False), LONGEST_S)


def _integral(values: list[float] | tuple[float, ...]) -> bool:
    return all(value.is_integer() for value in values) and sum(values) < 2**50


_MODELS: Final[dict[str, Callable[[Item], Problem]]] = {
    "p-median": _median,
    "mclp": _covering,
    "flow-refuelling": _refuelling,
}
