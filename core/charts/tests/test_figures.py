"""Columns and heat maps: heights are true, tops are round, shades say what they mean."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts.columns import columns, level, rounded_top
from core.charts.figures import column_chart, heat_map


@given(st.floats(1e-6, 1e12))
def test_the_top_is_above_everything_but_not_far(highest: float) -> None:
    top = rounded_top(highest)

    assert highest <= top <= highest * 2.6


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20))
def test_columns_stand_side_by_side_in_proportion(values: list[int]) -> None:
    found = columns(values, 1000)

    for value, column in zip(values, found, strict=True):
        assert column.height == pytest.approx(value / 10)
        assert column.y + column.height == pytest.approx(100)
    assert all(a.x + a.width < b.x for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("share", "shade"), [(None, -1), (0.0, 0), (0.001, 1), (0.2, 1), (0.21, 2), (1.0, 5), (7.0, 5)]
)
def test_a_shade_holds_up_to_its_share(share: float | None, shade: int) -> None:
    assert level(share, 5) == shade


def test_figures_name_their_parts() -> None:
    chart = column_chart([("Mon", 3.0, "3 kWh"), ("Tue", 0.0, "0 kWh")], "Energy", shown_top=str)
    heat = heat_map(
        [("Mon", [("00–01", 0.1, "10 %")])], "Occupied", top=0.1, shades=5, ticks=["00"]
    )

    assert (chart["top"], chart["ticks"]) == ("5.0", ["Mon", "Tue"])
    assert [bar.column.height for bar in chart["bars"]] == [60.0, 0.0]
    assert heat["rows"][0].cells[0].level == 5
    assert [text.replace("\xa0", " ") for _n, text in heat["shades"][:2]] == ["0 %", "≤ 2.0 %"]


def test_days_on_the_axis_go_without_their_year_and_long_names_are_left_out() -> None:
    def ticks(*names: str) -> list[str]:
        chart = column_chart([(name, 1.0, "1") for name in names], "x", shown_top=str)
        return list(chart["ticks"])

    assert ticks("2026-11-01", "2026-11-02") == ["11-01", "11-02"]
    assert ticks("Stockholm Söderport", "Visby") == []
