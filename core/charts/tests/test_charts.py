"""Small figures: shares add up, times lie where they belong, numbers stand in a table."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.charts.draw import Interval, Part
from core.charts.geometry import Span, line_paths, stack_spans, time_span

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@given(st.lists(st.floats(-1e6, 1e9), min_size=1))
def test_shares_fill_the_bar_without_gaps(values: list[float]) -> None:
    spans = stack_spans(values)

    total = sum(span.width for span in spans)
    assert total == pytest.approx(100) or all(value <= 0 for value in values)
    for before, after in itertools.pairwise(spans):
        assert after.start == pytest.approx(before.start + before.width)


@pytest.mark.parametrize(
    ("begin", "end", "span"),
    [
        (0, 6, Span(0, 25)),
        (-5, 12, Span(0, 50)),
        (18, 48, Span(75, 25)),
        (30, 40, None),
        (6, 6, None),
    ],
)
def test_intervals_are_cut_to_the_line(begin: int, end: int, span: Span | None) -> None:
    hour = timedelta(hours=1)

    assert time_span(START + begin * hour, START + end * hour, START, START + DAY) == span


def test_a_line_breaks_at_missing_values() -> None:
    line, area = line_paths([1, 2, None, 4], 30, 10)

    assert line.count("M") == 2
    assert line.startswith("M0.0 7.5L10.0 5.0")
    assert area.endswith("Z")
    assert line_paths([None, None], 30, 10) == ("", "")
    assert line_paths([0, 0], 30, 10)[0] == "M0.0 10.0L30.0 10.0"


def test_the_time_line_has_a_table_and_plain_decimals() -> None:
    intervals = [
        Interval("available", START, START + DAY / 3),
        Interval("faulted", START + DAY / 3),
    ]
    template = Template('{% load charts %}{% status_timeline items begin end "Connector 1" %}')

    with translation.override("sv"):
        shown = template.render(Context({"items": intervals, "begin": START, "end": START + DAY}))

    assert 'x="33.3333" width="66.6667"' in shown
    assert shown.count("<tr>") == 3
    assert 'aria-label="Connector 1"' in shown


def test_parts_are_named_in_words() -> None:
    template = Template('{% load charts %}{% bar_stack parts "By state" %}')

    shown = template.render(Context({"parts": [Part("<b>", 1, "ok"), Part("Faulted", 3, "bad")]}))

    assert "&lt;b&gt;" in shown
    assert 'width="75.000"' in shown


def test_a_line_without_values_is_an_empty_figure() -> None:
    shown = Template('{% load charts %}{% sparkline values "Day" %}').render(
        Context({"values": []})
    )

    assert "<path" not in shown
    assert "<title>Day</title>" in shown
