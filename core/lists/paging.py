"""Pages of a list, with a bound on counting for very long ones."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

from core.lists.spec import PAGE_SIZES


class CappedPaginator(Paginator):  # type: ignore[type-arg]  # not generic when it runs
    """Counts at most ``cap`` rows; ``is_capped`` tells that there are more."""

    def __init__(self, rows: Any, per_page: int, *, cap: int | None = None, **kwargs: Any) -> None:
        super().__init__(rows, per_page, **kwargs)
        self.cap = cap

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        queryset = rows.data.data  # a table's rows know their queryset
        if self.cap is None:
            return int(queryset.count())
        return int(queryset.order_by()[: self.cap + 1].count())

    @cached_property
    def count(self) -> int:
        """Rows that can be paged through."""
        return self._found if self.cap is None else min(self._found, self.cap)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than ``count``."""
        return self.cap is not None and self._found > self.cap


def page_number(text: str | None, pages: int) -> int:
    """The asked page, moved into 1 to ``pages``; nonsense is page 1."""
    number = int(text) if text and text.isdecimal() and len(text) < 10 else 1
    return min(max(number, 1), max(pages, 1))


def page_size(text: str | None, default: int) -> int:
    """The asked size if it is one of PAGE_SIZES."""
    if text and text.isdecimal() and int(text[:9]) in PAGE_SIZES:
        return int(text)
    return default


def window(page: int, pages: int) -> list[int | None]:
    """Page numbers to offer: first, last, and two around the current; None for a gap."""
    near = {1, pages, *range(page - 2, page + 3)}
    shown: list[int | None] = []
    for number in sorted(n for n in near if 1 <= n <= pages):
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown
