"""Flow refuelling: brute force over all stations, and stretches beyond the range."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from planning.management.plan_items import plan_item
from planning.solving.parsing import parse_problem
from planning.solving.problems import Refuelling
from planning.solving.trips import neighbours, shortest, way


@st.composite
def corridors(draw: st.DrawFn) -> dict[str, Any]:
    size = draw(st.integers(2, 6))
    vertex = st.integers(1, size)
    edge = st.tuples(vertex, vertex, st.integers(1, 6)).map(list)
    flow = st.tuples(vertex, vertex, st.integers(0, 9)).map(list)
    return {
        "model": "flow-refuelling",
        "n": size,
        "p": draw(st.integers(0, size)),
        "range": draw(st.integers(2, 12)),
        "edges": draw(st.lists(edge, min_size=1, max_size=10)),
        "flows": draw(st.lists(flow, min_size=1, max_size=6)),
    }


def driven(problem: Refuelling, stations: set[int]) -> float:
    """Full after a station, half a tank at an origin without one; there and back, and again."""
    near, total = neighbours(problem.network), 0.0
    for begin, end, volume in problem.flows:
        path = way(shortest(near, begin), begin, end)
        if path is None:
            continue
        at = [
            along
            for vertex, along in zip(path.vertices, path.along, strict=True)
            if vertex in stations
        ]
        length, half = path.along[-1], problem.range / 2
        steps = itertools.pairwise(at)
        ends = bool(at) and at[0] <= half and length - at[-1] <= half
        if ends and all(after - before <= problem.range for before, after in steps):
            total += volume
    return total


@settings(max_examples=150, deadline=None)
@given(corridors())
def test_agrees_with_brute_force(item: dict[str, Any]) -> None:
    problem = parse_problem(item)
    assert isinstance(problem, Refuelling)
    vertices = range(problem.network.size)
    best = max(driven(problem, set(some)) for some in itertools.combinations(vertices, problem.p))

    answer = plan_item(item, "")

    if answer["chosen"] is None:
        assert driven(problem, set(vertices)) == 0
        assert answer["reason"].startswith("No flow can be served: ")
    else:
        assert answer["objective"] == answer["bound"] == best
        assert len(set(answer["chosen"])) == problem.p
        assert driven(problem, {one - 1 for one in answer["chosen"]}) == best


def test_range_shorter_than_the_shortest_gap_names_the_stretch() -> None:
    problem = {
        "model": "flow-refuelling", "p": 2, "range": 100,
        "edges": [[1, 2, 60], [2, 3, 120]], "flows": [[1, 3, 5]],
    }  # fmt: skip

    answer = plan_item(problem, "")

    assert (answer["chosen"], answer["objective"]) == (None, None)
    assert answer["reason"] == (
        "No flow can be served: the stretch from 2 to 3 is 120, beyond the range of 100"
    )


def test_half_a_tank_at_an_origin_without_a_station() -> None:
    problem = {
        "model": "flow-refuelling", "p": 1, "range": 10,
        "edges": [[1, 2, 5], [2, 3, 5], [3, 4, 1]], "flows": [[1, 3, 7], [1, 4, 2]],
    }  # fmt: skip

    answer = plan_item(problem, "")

    assert (answer["chosen"], answer["objective"], answer["gap"]) == ([2], 7, 0)
