"""Small pieces of HTML: escaped, named, with times and units as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from core.status_words import status_word
from core.ui import html, units
from core.ui.json_tree import MAX_NODES, json_tree

AT = datetime(2026, 7, 1, 12, 30, 15, tzinfo=UTC)


def test_a_state_has_colour_icon_and_word() -> None:
    shown = html.status_html("faulted")

    assert 'class="status tone-bad"' in shown
    assert "#alert-triangle" in shown
    assert shown.endswith("Faulted</span>")


def test_a_state_nobody_named_is_escaped_and_grey() -> None:
    shown = html.status_html("<b>", "command")

    assert "tone-idle" in shown
    assert "&lt;b&gt;" in shown


def test_a_stale_state_says_so() -> None:
    assert "Last known" in html.status_html("charging", stale=True)
    assert "status-active" not in html.status_html("charging", stale=True)


def test_the_same_word_may_differ_by_kind() -> None:
    assert status_word("expired", "token").word != status_word("refused_offline", "command").word
    with pytest.raises(KeyError):
        status_word("x", "no such kind")


def test_times_name_their_zone() -> None:
    with timezone.override(ZoneInfo("Europe/Stockholm")):
        shown = html.moment_html(AT, seconds=True)

    assert "2026-07-01 14:30:15" in shown
    assert "CEST" in shown
    assert 'datetime="2026-07-01T12:30:15+00:00"' in shown


def test_days_and_missing_times() -> None:
    assert html.moment_html(date(2026, 7, 1)).count("2026-07-01") == 2
    assert 'class="none' in html.moment_html(None)


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=3), "3\xa0minutes ago"),
        (-timedelta(hours=2), "in 2\xa0hours"),
    ],
)
def test_relative(passed: timedelta, text: str) -> None:
    assert html.relative(AT, AT + passed) == text


def test_an_id_is_escaped_in_text_and_attribute() -> None:
    shown = html.copyable_html('"><i>')

    assert "<i>" not in shown
    assert shown.count("&quot;&gt;&lt;i&gt;") == 3


@pytest.mark.parametrize(
    ("energy_wh", "text"),
    [
        (Decimal("12345.6"), "12.35\xa0kWh"),
        (0, "0.00\xa0kWh"),
        (12_345_678, "12.35\xa0MWh"),
        (None, "–"),
        ("rubbish", "–"),
        (float("nan"), "–"),
    ],
)
def test_energy(energy_wh: units.Number, text: str) -> None:
    assert units.energy(energy_wh) == text


def test_figures_follow_the_language() -> None:
    with translation.override("sv"):
        assert units.power(1_234_500) == "1\xa0234,5\xa0kW"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(12, "12 s"), (2700, "45 min"), (3900, "1 h 05 min"), (183_600, "2 d 3 h"), (-60, "−1 min")],
)
def test_duration(seconds: int, text: str) -> None:
    assert units.duration(seconds).replace("\xa0", " ") == text
    assert units.duration(timedelta(seconds=seconds)) == units.duration(seconds)


def test_json_is_escaped_and_collapsible() -> None:
    shown = json_tree({"<k>": ["<v>", 1.5, True, None, {}, []]})

    assert "<k>" not in shown
    assert "<v>" not in shown
    assert "&lt;v&gt;" in shown
    assert shown.count("<details") == 2


def test_huge_or_deep_json_is_plain_text() -> None:
    deep: object = 1
    for _level in range(200):
        deep = [deep]

    assert json_tree(list(range(MAX_NODES + 1))).startswith("<pre")
    assert json_tree(deep).startswith("<pre")
