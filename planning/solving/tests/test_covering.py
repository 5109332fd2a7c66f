"""Maximal covering: brute force, the edge of the radius, what stands already."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.management.plan_items import plan_item

COORDINATE = st.integers(-6, 6)


@st.composite
def covers(draw: st.DrawFn) -> dict[str, Any]:
    places = draw(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=7))
    row = st.tuples(COORDINATE, COORDINATE, st.integers(0, 9)).map(list)
    return {
        "model": "mclp",
        "p": draw(st.integers(0, len(places))),
        "radius": draw(st.integers(0, 8)),
        "demand": draw(st.lists(row, min_size=1, max_size=12)),
        "candidates": [list(one) for one in places],
        "existing": draw(st.lists(st.integers(0, len(places) - 1), max_size=1)),
    }


def served(problem: dict[str, Any], sites: Any) -> int:
    return sum(
        weight
        for x, y, weight in problem["demand"]
        if any(
            (x - problem["candidates"][site][0]) ** 2 + (y - problem["candidates"][site][1]) ** 2
            <= problem["radius"] ** 2
            for site in sites
        )
    )


@settings(max_examples=150, deadline=None)
@given(covers())
def test_agrees_with_brute_force(problem: dict[str, Any]) -> None:
    existing = problem["existing"]
    free = [one for one in range(len(problem["candidates"])) if one not in existing]
    best = max(
        (
            served(problem, [*some, *existing])
            for some in itertools.combinations(free, problem["p"])
        ),
        default=None,
    )

    answer = plan_item(problem, "")

    if best is None:
        assert answer["chosen"] is None
        assert answer["reason"]
    else:
        assert answer["objective"] == answer["bound"] == best
        assert len(set(answer["chosen"])) == problem["p"]
        assert not set(answer["chosen"]) & set(existing)
        assert served(problem, [*answer["chosen"], *existing]) == best


@pytest.mark.parametrize(("metric", "radius"), [("euclidean", 0.5), ("great-circle", 70_000)])
def test_larger_random_covers_are_proven(metric: str, radius: float) -> None:
    rng = [(math.sin(k * 12.9898) * 43758.5453) % 1 for k in range(900)]
    demand = [
        [12 + 8 * x, 56 + 8 * y, int(1 + 9 * w)]
        for x, y, w in zip(rng[::3], rng[1::3], rng[2::3], strict=True)
    ]
    problem = {"model": "mclp", "p": 8, "radius": radius, "demand": demand, "metric": metric}

    answer = plan_item(problem, "")

    assert answer["gap"] == 0
    assert 0 < answer["objective"] < sum(weight for _, _, weight in demand)


def test_the_edge_of_the_radius_is_covered() -> None:
    demand = [[0, 0, 2], [0.3, 0.4, 5], [0.1 + 0.2, 0, 7]]
    problem = {"model": "mclp", "p": 1, "radius": 0.5, "demand": demand, "candidates": [[0, 0]]}

    assert plan_item(problem, "")["objective"] == 14
    assert plan_item({**problem, "radius": 0.3}, "")["objective"] == 9


def test_great_circles_have_longitude_first() -> None:
    """A degree of longitude at 60° north is half of one at the equator."""
    degree = math.pi / 180 * 6_378_100
    problem = {
        "model": "mclp", "p": 1, "metric": "great-circle", "radius": degree * 0.51,
        "demand": [[18, 60, 1], [19, 60, 1], [18, 61, 1]], "candidates": [[18, 60]],
    }  # fmt: skip

    assert plan_item(problem, "")["objective"] == 2


def test_a_latitude_beyond_the_pole_is_named() -> None:
    problem = {
        "model": "mclp", "p": 1, "metric": "great-circle", "radius": 1, "demand": [[59, 118]],
    }  # fmt: skip

    error = plan_item(problem, "")["error"]

    assert (error["code"], error["at"]) == ("not_a_latitude", "demand[0][1]")
