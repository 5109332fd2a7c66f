"""What holds for every tariff and session."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rating.engine import compile_tariff, rate
from billing.rating.facts import CurvePoint, Interval, SessionFacts
from billing.rating.result import RatingResult
from billing.rating.rules.rounding import allocate
from billing.rating.tests.agree import differences
from billing.rating.tests.pairs import random_pair
from billing.tariffs.model import Element, PriceComponent, Restrictions

seeds = st.integers(min_value=0, max_value=10**9)
few = settings(max_examples=40, deadline=None)
PAIRS = int(os.environ.get("RATING_PAIRS", "200"))
MOVED = ("idle_cap", "min_price", "max_price")


@pytest.mark.parametrize("first", range(0, PAIRS, 100))
def test_engine_agrees_with_the_simple_one(first: int) -> None:
    wrong = {seed: found for seed in range(first, first + 100) if (found := differences(seed))}

    assert wrong == {}


@few
@given(seed=seeds, cuts=st.lists(st.floats(min_value=0.001, max_value=0.999), max_size=4))
def test_finer_slices_do_not_change_the_price(seed: int, cuts: list[float]) -> None:
    tariff, facts = random_pair(seed)

    finer = replace(
        facts, intervals=finer_intervals(facts, cuts), curve=finer_curve(facts.curve, cuts)
    )

    assert prices(rate(tariff, finer)) == prices(rate(tariff, facts))


@few
@given(seed=seeds)
def test_lines_rates_and_totals_add_up(seed: int) -> None:
    tariff, facts = random_pair(seed)

    result = rate(tariff, facts)

    for parts in (result.lines, result.tax_totals):
        assert sum(one.net for one in parts) == result.net
        assert sum(one.tax for one in parts) == result.tax
        assert sum(one.gross for one in parts) == result.gross
    assert result.net + result.tax == result.gross
    assert sum(one.exact_net for one in result.lines) == result.exact_net
    assert sum(one.energy_wh for one in result.periods) == result.energy_wh


@few
@given(seed=seeds)
def test_nothing_is_ever_negative(seed: int) -> None:
    tariff, facts = random_pair(seed)

    result = rate(tariff, facts)

    kept = [one for one in result.lines if one.reason not in MOVED]
    assert min((*(one.net for one in kept), result.net, result.tax), default=0) >= 0
    assert min((*(one.tax for one in kept), *(one.gross for one in kept)), default=0) >= 0
    assert min((part for one in result.tax_totals for part in (one.net, one.tax)), default=0) >= 0


@few
@given(seed=seeds)
def test_never_matching_element_changes_nothing(seed: int) -> None:
    tariff, facts = random_pair(seed)
    component = PriceComponent(type="ENERGY", price=Decimal(99))
    never = Element(
        price_components=(component, replace(component, type="TIME")),
        restrictions=Restrictions(min_kwh=Decimal("1e6"), min_duration=1234, min_power=Decimal(17)),
    )

    more = replace(tariff, elements=(never, *tariff.elements))

    assert prices(rate(more, facts)) == prices(rate(tariff, facts))


@few
@given(seed=seeds, place=st.integers(min_value=0, max_value=7))
def test_equal_elements_may_stand_in_any_order(seed: int, place: int) -> None:
    tariff, facts = random_pair(seed)
    twin = tariff.elements[place % len(tariff.elements)]

    doubled = replace(tariff, elements=(*tariff.elements, twin))

    assert prices(rate(doubled, facts)) == prices(rate(tariff, facts))


@few
@given(seed=seeds)
def test_compiled_tariff_keeps_nothing_of_a_session(seed: int) -> None:
    (tariff, facts), (_other, between) = random_pair(seed), random_pair(seed + 1)
    compiled = compile_tariff(tariff)

    first = rate(compiled, facts)
    rate(compiled, between)

    assert rate(compiled, facts) == first == rate(tariff, facts)


@few
@given(st.lists(st.fractions(0, 1000, max_denominator=999), min_size=1, max_size=8))
def test_shares_add_up_and_stay_near(parts: list[Fraction]) -> None:
    units = round(sum(parts))

    shares = allocate(units, parts)

    assert sum(shares) == units
    assert all(abs(share - part) < 2 for share, part in zip(shares, parts, strict=True))


def prices(result: RatingResult) -> tuple[object, ...]:
    """All that people pay and why, without the places of elements."""
    lines = sorted(
        (one.type, one.quantity, one.billed_quantity, one.unit_price, one.exact_net)
        for one in result.lines
        if one.reason not in MOVED
    )
    return lines, result.exact_net, result.exact_gross, result.net, result.gross


def finer_intervals(facts: SessionFacts, cuts: Sequence[float]) -> tuple[Interval, ...]:
    found = []
    for one in facts.intervals:
        length = one.ended_at - one.started_at
        edges = sorted({one.started_at, one.ended_at, *(one.started_at + length * c for c in cuts)})
        found += [
            replace(one, started_at=low, ended_at=high) for low, high in itertools.pairwise(edges)
        ]
    return tuple(found)


def finer_curve(curve: Sequence[CurvePoint], cuts: Sequence[float]) -> tuple[CurvePoint, ...]:
    """Readings more on the straight line between two, where one lies on it exactly."""
    chance, found = random.Random(len(cuts)), list(curve[:1])
    for first, second in itertools.pairwise(curve):
        length = second.at - first.at
        middle = first.at + length / 2
        if cuts and chance.random() < 0.5 and (middle - first.at) * 2 == length:
            energy = (first.energy_wh + second.energy_wh) / 2
            if length > timedelta(0):
                found.append(CurvePoint(middle, energy))
        found.append(second)
    return tuple(found)
