"""Cover that fades: brute force, budgets, fixed and forbidden sites, what cannot be."""

from __future__ import annotations

import itertools
import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.solving import neighbours
from planning.solving.decay import Fading, Ring, rings, shares, solve_fading
from planning.solving.plan import Watch
from planning.solving.problems import EUCLIDEAN

SPOT = st.tuples(st.integers(0, 9), st.integers(0, 9))
HALVES = (Ring(2, 1.0), Ring(4, 0.5))


@st.composite
def fadings(draw: st.DrawFn) -> Fading:
    places = draw(st.lists(SPOT, min_size=3, max_size=7))
    demand = draw(st.lists(SPOT, min_size=1, max_size=10))
    roles = draw(st.lists(st.sampled_from("....efx"), min_size=len(places), max_size=len(places)))
    by_money = draw(st.booleans())
    return Fading(
        demand=tuple((float(x), float(y)) for x, y in demand),
        weights=tuple(float(draw(st.integers(0, 9))) for _ in demand),
        candidates=tuple((float(x), float(y)) for x, y in places),
        rings=HALVES,
        p=draw(st.integers(0, 4)) if not by_money or draw(st.booleans()) else None,
        budget=float(draw(st.integers(0, 20))) if by_money else None,
        costs=tuple(float(draw(st.integers(1, 9))) for _ in places),
        existing=tuple(n for n, role in enumerate(roles) if role == "e"),
        fixed=tuple(n for n, role in enumerate(roles) if role == "f"),
        forbidden=tuple(n for n, role in enumerate(roles) if role == "x"),
        metric=EUCLIDEAN,
    )


def reached(problem: Fading, sites: tuple[int, ...]) -> float:
    found = shares(problem, [*problem.existing, *sites])
    return math.fsum(w * s for w, s in zip(problem.weights, found, strict=True))


def choices(problem: Fading) -> list[tuple[int, ...]]:
    """Every plan that is allowed; by number alone it has exactly that many sites."""
    taken = {*problem.existing, *problem.fixed, *problem.forbidden}
    free = [one for one in range(len(problem.candidates)) if one not in taken]
    found = []
    for size in range(len(free) + 1):
        for some in itertools.combinations(free, size):
            sites = (*problem.fixed, *some)
            if problem.budget is None:
                allowed = len(sites) == problem.p
            else:
                allowed = sum(problem.costs[one] for one in sites) <= problem.budget
                allowed &= problem.p is None or len(sites) <= problem.p
            if allowed:
                found.append(sites)
    return found


@settings(max_examples=150, deadline=None)
@given(fadings())
def test_agrees_with_brute_force(problem: Fading) -> None:
    best = max((reached(problem, sites) for sites in choices(problem)), default=None)

    plan = solve_fading(problem, Watch(30))

    if plan.chosen is None:
        assert plan.reason
        assert best is None or problem.budget is not None
        return
    assert plan.chosen in [tuple(sorted(one)) for one in choices(problem)]
    assert plan.objective == pytest.approx(best)
    assert plan.bound == pytest.approx(best)
    assert plan.objective == pytest.approx(reached(problem, plan.chosen))


def test_the_first_answer_is_near_the_best_and_says_how_near() -> None:
    chance = random.Random(7)
    problem = Fading(
        demand=tuple((chance.random() * 100, chance.random() * 100) for _ in range(400)),
        weights=tuple(chance.randint(1, 50) for _ in range(400)),
        candidates=tuple((chance.random() * 100, chance.random() * 100) for _ in range(60)),
        rings=rings(5, 20),
        p=8,
        metric=EUCLIDEAN,
    )

    soon = solve_fading(problem, Watch(30), thorough=False)
    late = solve_fading(problem, Watch(30))

    assert late.gap == 0
    assert soon.objective is not None
    assert late.objective is not None
    assert soon.bound is not None
    assert soon.objective <= late.objective * (1 + 1e-9) <= soon.bound * (1 + 2e-9)
    assert soon.objective >= 0.99 * late.objective


def test_who_watches_hears_of_it_and_can_cancel() -> None:
    heard: list[tuple[float, float]] = []
    problem = Fading(
        ((0.0, 0.0), (5.0, 0.0)), (1.0, 2.0), ((0.0, 0.0), (5.0, 0.0), (9.0, 0.0)), HALVES,
        budget=3, costs=(2, 2, 2), metric=EUCLIDEAN,
    )  # fmt: skip

    plan = solve_fading(problem, Watch(30, tell=lambda best, bound: heard.append((best, bound))))
    stopped = solve_fading(problem, Watch(30, cancelled=lambda: True))

    assert plan.objective == 2
    assert heard
    assert all(best <= bound for best, bound in heard)
    assert stopped.objective is not None
    assert stopped.bound is not None
    assert stopped.objective <= 2 <= stopped.bound


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"budget": 1.0}, "too small for anything: the cheapest site costs 2"),
        ({"budget": 3.0, "fixed": (0, 1)}, "The fixed sites cost 4, more than the budget of 3"),
        ({"p": 1, "fixed": (0, 1)}, "2 sites are fixed, more than the 1 asked for"),
        ({"p": 3}, "3 sites are asked for, and there are 2 candidates"),
    ],
)
def test_what_cannot_be_says_why(change: dict[str, Any], words: str) -> None:
    base: dict[str, Any] = {
        "demand": ((0.0, 0.0),), "weights": (1.0,), "candidates": ((0.0, 0.0), (1.0, 0.0)),
        "rings": HALVES, "costs": (2.0, 2.0), "metric": EUCLIDEAN,
    }  # fmt: skip

    plan = solve_fading(Fading(**(base | change)), Watch(5))

    assert plan.chosen is None
    assert words in plan.reason


def test_rings_together_keep_no_more_pairs_than_memory_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = tuple((float(x), 0.0) for x in range(3))
    problem = Fading(places, (1.0, 1.0, 1.0), places, HALVES, p=1, metric=EUCLIDEAN)
    monkeypatch.setattr(neighbours, "MOST_PAIRS", 17)  # each of the two rings has nine

    with pytest.raises(neighbours.TooManyPairs):
        solve_fading(problem, Watch(5))


def test_rings_fall_from_whole_to_nothing() -> None:
    found = rings(2, 8, 2)

    assert [(one.distance, round(one.share, 3)) for one in found] == [
        (2, 1), (5, 0.667), (8, 0.333)
    ]  # fmt: skip
