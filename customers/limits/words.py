"""Hours of the week as text in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR

from customers.limits.hours import to_lines


def hours_lines(stored: Iterable[Mapping[str, Any]]) -> list[str]:
    """``mon-fri 07:00-18:00``, one line a window."""
    names = [str(WEEKDAYS_ABBR[day]).lower() for day in range(7)]
    return to_lines(stored, names)
