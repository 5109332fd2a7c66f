"""Page numbers and sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lists.paging import page_number, page_size, window


@pytest.mark.parametrize(
    ("current", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 5, [1, 2, 3, None, 5]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
    ],
)
def test_window(current: int, pages: int, shown: list[int | None]) -> None:
    assert window(current, pages) == shown


@given(st.text(), st.integers(0, 10_000))
def test_any_text_gives_a_page_that_exists(text: str, pages: int) -> None:
    assert 1 <= page_number(text, pages) <= max(pages, 1)


@pytest.mark.parametrize(("text", "size"), [("100", 100), ("10000", 50), ("x", 50), (None, 50)])
def test_only_offered_sizes(text: str | None, size: int) -> None:
    assert page_size(text, 50) == size
