"""Warnings about tariffs, the week of a tariff, and what changed between two."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing.tariffs.difference import Change, difference
from billing.tariffs.lint import Gap, Warn, Warning, lint
from billing.tariffs.model import Tariff, parse_tariff
from billing.tariffs.week import Window, grid, hours_of, windows

TODAY = date(2026, 6, 1)
WEEKEND: dict[str, Any] = {"day_of_week": ["SATURDAY", "SUNDAY"]}


def element(price: float, kind: str = "ENERGY", **restrictions: Any) -> dict[str, Any]:
    parts = [{"type": kind, "price": price, "step_size": 1}]
    return {"price_components": parts, "restrictions": restrictions}


def tariff(*elements: dict[str, Any]) -> Tariff:
    return parse_tariff({"currency": "SEK", "elements": list(elements)})


def test_a_plain_tariff_has_no_warning() -> None:
    day = element(5, start_time="06:00", end_time="22:00")

    assert lint(tariff(day, element(3)), TODAY) == ()


def test_hours_without_a_price_are_named() -> None:
    found = lint(tariff(element(5, start_time="06:00", end_time="22:00", **WEEKEND)), TODAY)

    assert found == (
        Warning(
            kind=Warn.GAP,
            component="ENERGY",
            gaps=(
                Gap((5, 6), 0, 360),
                Gap((0, 1, 2, 3, 4), 0, 1440),
                Gap((5, 6), 1320, 1440),
            ),
        ),
    )


def test_a_price_below_a_wider_one_is_never_reached() -> None:
    wide = element(5, start_time="06:00", end_time="22:00")
    narrow = element(4, start_time="08:00", end_time="17:00", min_kwh=10, **WEEKEND)

    found = lint(tariff(wide, narrow, element(3)), TODAY)

    assert found == (Warning(kind=Warn.UNREACHABLE, component="ENERGY", element=1, other=0),)


def test_two_rules_that_share_some_hours_overlap() -> None:
    found = lint(
        tariff(
            element(5, start_time="06:00", end_time="12:00"),
            element(4, start_time="10:00", end_time="20:00"),
            element(3),
        ),
        TODAY,
    )

    assert [(one.kind, one.element, one.other) for one in found] == [(Warn.OVERLAP, 1, 0)]


def test_rules_that_never_meet_do_not_overlap() -> None:
    found = lint(
        tariff(element(5, max_kwh=10, **WEEKEND), element(4, min_kwh=10), element(3)), TODAY
    )

    assert found == ()


def test_a_tariff_without_energy_and_one_that_is_over_say_so() -> None:
    found = lint(tariff(element(60, "TIME", end_date="2026-06-01"), element(30, "TIME")), TODAY)

    assert [one.kind for one in found] == [Warn.OVER, Warn.NO_ENERGY]


HOURS = st.frozensets(st.tuples(st.integers(0, 6), st.integers(0, 23)))


@given(hours=HOURS)
def test_windows_hold_exactly_the_hours_that_were_marked(hours: frozenset[tuple[int, int]]) -> None:
    found = [hours_of(window.restrictions()) for window in windows(hours)]

    assert frozenset().union(*found) == hours
    assert sum(map(len, found)) == len(hours)


def test_a_working_week_is_one_window() -> None:
    marked = {(day, hour) for day in range(5) for hour in range(6, 22)}

    assert windows(marked) == (Window((0, 1, 2, 3, 4), 6, 22),)


def test_the_grid_tells_the_rule_of_each_hour() -> None:
    night = element(2, start_time="22:00", end_time="06:00")

    shown = grid(tariff(night, element(3)), "ENERGY")

    assert [row[5:8] + row[21:23] for row in shown] == [[0, 1, 1, 1, 0]] * 7


def test_an_inserted_rule_is_one_change_and_prices_show_before_and_after() -> None:
    before = {"elements": [element(4), element(5, "FLAT")], "id": "a"}
    after = {"elements": [element(1, max_kwh=5), element(4), element(6, "FLAT")], "id": "b"}

    assert difference(before, after) == (
        Change(("elements", 1, "price_components", 1, "type"), "", "ENERGY"),
        Change(("elements", 1, "price_components", 1, "price"), "", "1"),
        Change(("elements", 1, "price_components", 1, "step_size"), "", "1"),
        Change(("elements", 1, "restrictions", "max_kwh"), "", "5"),
        Change(("elements", 3, "price_components", 1, "price"), "5", "6"),
    )
    assert difference(after, after) == ()
