"""One way is open at a time, by where the money stands; what is shared adds up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.righting.rule import Route, Stand, choose
from customers.righting.shares import shared

BILLED: dict[str, Any] = {"billing": "rated", "billed": Decimal(50), "creditable": Decimal(50)}


@pytest.mark.parametrize(
    ("stand", "routes", "refused"),
    [
        ({"billing": "rated", "is_over": False}, (), "not_over"),
        ({"billing": ""}, (), "not_rated"),
        ({"billing": "waiting"}, (), "not_rated"),
        ({"billing": "waived"}, (), "costs_nothing"),
        ({"billing": "rated"}, (Route.WAIVE, Route.RERATE), ""),
        ({"billing": "held"}, (Route.WAIVE, Route.RERATE), ""),
        ({"billing": "awaiting_price"}, (Route.WAIVE,), ""),
        ({"billing": "rated", "waits_for_second": True}, (), "decision_waits"),
        (BILLED, (Route.CREDIT,), ""),
        (BILLED | {"on_card": Decimal(1)}, (Route.REFUND,), ""),
        (BILLED | {"is_guest_settled": True}, (Route.GUEST,), ""),
        (BILLED | {"adjustment_waits": True}, (), "adjustment_waits"),
        (BILLED | {"credited": Decimal(50)}, (), "all_back"),
        (BILLED | {"creditable": Decimal(0)}, (), "all_back"),
    ],
)
def test_where_the_money_stands_tells_the_way(
    stand: dict[str, Any], routes: tuple[Route, ...], refused: str
) -> None:
    choice = choose(Stand(**stand))
    assert (choice.routes, choice.refused) == (routes, refused)


def test_at_most_what_is_left_of_session_and_lines_goes_back() -> None:
    stand = Stand(**BILLED | {"credited": Decimal(20), "creditable": Decimal(40)})
    assert choose(stand).most == 30


@given(st.lists(st.integers(1, 10_000_000), min_size=1, max_size=5), st.data())
def test_shares_add_up_within_each_line(units: list[int], data: st.DataObject) -> None:
    remaining = {place: Decimal(one) / 100 for place, one in enumerate(units, 1)}
    amount = Decimal(data.draw(st.integers(1, sum(units)))) / 100
    found = shared(amount, remaining, "SEK")
    assert sum(found.values()) == amount
    assert all(0 < part <= remaining[place] for place, part in found.items())


def test_deductions_go_back_with_all_of_it_alone() -> None:
    lines = {1: Decimal(60), 2: Decimal(-10)}
    assert shared(Decimal(50), lines, "SEK") == lines
    assert shared(Decimal(20), lines, "SEK") == {1: Decimal(20)}
