"""The share of a time in which EVSEs could be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stations.hardware.availability import Away, available_share
from stations.hardware.history import Span

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
END = START + 24 * HOUR


def span(status: str, begin: int, end: int) -> Span:
    return Span(status, START + begin * HOUR, START + end * HOUR)


def test_faults_and_gaps_that_overlap_count_once() -> None:
    lanes = [
        [span("available", 0, 6), span("faulted", 6, 12), span("available", 12, 24)],
        [span("charging", 0, 24)],
    ]
    away = [Away(START + 9 * HOUR, START + 15 * HOUR)]

    share = available_share(lanes, away, START, END)

    assert share == ((24 - 9) / 24 + (24 - 6) / 24) / 2


def test_without_evses_or_time_there_is_no_share() -> None:
    assert available_share([], [], START, END) is None
    assert available_share([[span("available", 0, 24)]], [], START, START) is None


@given(st.lists(st.tuples(st.integers(-5, 30), st.integers(-5, 30)), max_size=8))
def test_the_share_is_one_between_nothing_and_everything(pairs: list[tuple[int, int]]) -> None:
    lanes = [[span("unavailable", min(pair), max(pair)) for pair in pairs]]

    share = available_share(lanes, [], START, END)
    lost = {h for a, b in pairs for h in range(min(a, b), max(a, b)) if 0 <= h < 24}

    assert share is not None
    assert abs(share - (24 - len(lost)) / 24) < 1e-9
