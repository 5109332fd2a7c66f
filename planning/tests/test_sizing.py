"""Queues: figures of textbooks, and how the two models agree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.sizing import SizingError, endless_queue, fewest_evses, finite_queue


def test_erlang_c_of_the_textbook() -> None:
    found = endless_queue(6, 0.5, 4)

    assert found.utilisation == 0.75
    assert found.wait_probability == pytest.approx(0.5094, abs=5e-5)
    assert found.mean_wait_h * 60 == pytest.approx(15.28, abs=5e-3)


@pytest.mark.parametrize(
    ("cars_per_h", "evses"),
    [(2, 3), (4, 4), (6, 6), (10, 8), (15, 11), (20, 14), (30, 19), (40, 24)],
)
def test_one_in_ten_may_wait_more_than_five_minutes(cars_per_h: int, evses: int) -> None:
    assert fewest_evses(cars_per_h, 28 / 60, 5 / 60, 0.1).evses == evses


def test_without_places_to_wait_erlang_b_drives_on() -> None:
    """Two erlangs at two EVSEs: 2 in 5 are turned away."""
    found = finite_queue(4, 0.5, 2, 0)

    assert found.turned_away == pytest.approx(0.4)
    assert found.wait_probability == found.mean_wait_h == 0


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 20), st.integers(1, 12))
def test_many_places_are_like_an_endless_queue(arrivals: float, evses: int) -> None:
    stay = 0.8 * evses / arrivals

    endless, finite = (
        endless_queue(arrivals, stay, evses),
        finite_queue(arrivals, stay, evses, 300),
    )

    assert finite.turned_away < 1e-9
    assert finite.wait_probability == pytest.approx(endless.wait_probability, rel=1e-6)
    assert finite.mean_wait_h == pytest.approx(endless.mean_wait_h, rel=1e-6)


@pytest.mark.parametrize(
    ("arrivals", "stay", "evses"), [(4, 1, 4), (-1, 1, 1), (1, 0, 1), (1, 1, 0)]
)
def test_what_cannot_be_is_refused(arrivals: float, stay: float, evses: int) -> None:
    with pytest.raises(SizingError):
        endless_queue(arrivals, stay, evses)
