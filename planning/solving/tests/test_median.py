"""The p-median: published optima, brute force, and what cannot be."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.management.plan_items import plan_item

HERE = Path(__file__).parent
OPTIMA = json.loads((HERE / "optima.json").read_text())["optima"]


def library(name: str) -> dict[str, Any]:
    """A file of the OR-Library: vertices, edges, p; then the edges."""
    numbers = [int(word) for word in (HERE / f"{name}.txt").read_text().split()]
    size, count, p = numbers[:3]
    rest = numbers[3:]
    edges = [rest[at : at + 3] for at in range(0, 3 * count, 3)]
    return {"model": "p-median", "n": size, "p": p, "edges": edges}


@pytest.mark.parametrize("name", ["pmed1", "pmed2", "pmed6"])
def test_published_optimum_is_found_and_proven(name: str) -> None:
    answer = plan_item(library(name), "")

    assert (answer["objective"], answer["bound"], answer["gap"]) == (OPTIMA[name], OPTIMA[name], 0)


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    size = draw(st.integers(2, 7))
    vertex = st.integers(1, size)
    edges = draw(st.lists(st.tuples(vertex, vertex, st.integers(0, 20)), min_size=1, max_size=14))
    return {
        "model": "p-median",
        "n": size,
        "p": draw(st.integers(0, size)),
        "edges": [list(edge) for edge in edges],
        "weights": draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)),
        "existing": draw(st.lists(vertex, max_size=1)),
    }


def between(problem: dict[str, Any]) -> dict[tuple[int, int], float]:
    vertices = range(1, problem["n"] + 1)
    found = {(i, j): 0.0 if i == j else float("inf") for i in vertices for j in vertices}
    for i, j, cost in problem["edges"]:
        if i != j:
            found[i, j] = found[j, i] = cost
    for k, i, j in itertools.product(vertices, repeat=3):
        found[i, j] = min(found[i, j], found[i, k] + found[k, j])
    return found


def summed(problem: dict[str, Any], way: dict[tuple[int, int], float], sites: Any) -> Any:
    return sum(
        weight * min((way[vertex, site] for site in sites), default=float("inf"))
        for vertex, weight in enumerate(problem["weights"], start=1)
        if weight
    )


@settings(max_examples=120, deadline=None)
@given(networks())
def test_agrees_with_brute_force(problem: dict[str, Any]) -> None:
    way, existing = between(problem), problem["existing"]
    free = [one for one in range(1, problem["n"] + 1) if one not in existing]
    sums = [
        summed(problem, way, [*some, *existing])
        for some in itertools.combinations(free, problem["p"])
    ]

    answer = plan_item(problem, "")

    if min(sums, default=float("inf")) == float("inf"):
        assert answer["chosen"] is None
        assert answer["reason"]
    else:
        assert answer["objective"] == answer["bound"] == min(sums)
        assert len(set(answer["chosen"])) == problem["p"]
        assert summed(problem, way, [*answer["chosen"], *existing]) == min(sums)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.floats(-9, 9).map(lambda x: round(x, 2))] * 2), min_size=2, max_size=7),
    st.integers(1, 2),
)
def test_points_in_the_plane_agree_with_brute_force(
    points: list[tuple[float, float]], p: int
) -> None:
    def far(one: tuple[float, float], other: tuple[float, float]) -> float:
        return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)

    best = min(
        sum(min(far(point, site) for site in some) for point in points)
        for some in itertools.combinations(points, p)
    )

    answer = plan_item({"model": "p-median", "p": p, "points": [list(one) for one in points]}, "")

    assert answer["objective"] == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert answer["bound"] <= answer["objective"]


def test_of_repeated_edges_the_last_counts() -> None:
    problem = {"model": "p-median", "p": 1, "edges": [[1, 2, 9], [2, 3, 1], [2, 1, 4]]}

    assert plan_item(problem, "")["objective"] == 5


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"p": 4}, "4 sites are asked for, and there are 3 places"),
        ({"p": 1, "n": 4}, "The network falls into 2 parts without a site, more than 1"),
        ({"p": 1, "n": 4, "candidates": [1, 2]}, "Vertex 4 cannot be reached from any place"),
    ],
)
def test_impossible_is_told_with_its_reason(more: dict[str, Any], reason: str) -> None:
    answer = plan_item({"model": "p-median", "edges": [[1, 2, 1], [2, 3, 1]], **more}, "")

    assert (answer["chosen"], answer["objective"], answer["reason"]) == (None, None, reason)


def test_great_circle_is_in_metres() -> None:
    """A degree of the equator."""
    problem = {"model": "p-median", "p": 1, "points": [[0, 0], [1, 0, 3]], "metric": "great-circle"}

    answer = plan_item(problem, "")

    assert answer["chosen"] == [1]
    assert answer["objective"] == pytest.approx(6_378_100 * 3.141592653589793 / 180, rel=1e-9)
