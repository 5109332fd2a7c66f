"""The figures as contexts of their templates (templates/components/charts)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from core.charts.geometry import Span, line_paths, stack_spans, time_span
from core.status_word import StatusWord
from core.status_words import status_word

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Part:
    """A named share: its value, tone, and how the value is written (``shown``)."""

    label: Text
    value: float
    tone: str = "active"
    shown: Text = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A state from ``begins_at`` up to ``ends_at`` (None: still lasting)."""

    status: str
    begins_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """An interval on the time line."""

    word: StatusWord
    span: Span
    begins_at: datetime
    ends_at: datetime


def sparkline(values: Iterable[Any], label: Text, *, tone: str = "active") -> dict[str, Any]:
    """A small line of equally spaced numbers; None is a gap."""
    numbers = [None if value is None else float(value) for value in values]
    line, area = line_paths(numbers, 120, 26)
    return {"line": line, "area": area, "label": label, "tone": tone}


def bar_stack(parts: Sequence[Part], label: Text) -> dict[str, Any]:
    """One bar of shares, a legend and a table."""
    spans = stack_spans([part.value for part in parts])
    return {"parts": list(zip(parts, spans, strict=True)), "label": label}


def status_timeline(
    intervals: Iterable[Interval],
    from_at: datetime,
    to_at: datetime,
    label: Text,
    *,
    kind: str = "connector",
) -> dict[str, Any]:
    """States over time between two instants, with a legend and a table."""
    drawn = []
    for interval in intervals:
        ends_at = interval.ends_at or to_at
        span = time_span(interval.begins_at, ends_at, from_at, to_at)
        if span is not None:
            word = status_word(interval.status, kind)
            drawn.append(Drawn(word, span, max(interval.begins_at, from_at), min(ends_at, to_at)))
    legend = {str(one.word.word): one.word for one in drawn}
    return {
        "intervals": drawn, "legend": list(legend.values()), "label": label,
        "ticks": _ticks(from_at, to_at),
    }  # fmt: skip


def _ticks(from_at: datetime, to_at: datetime) -> list[tuple[float, str]]:
    """Five times along the axis, in the reader's zone; days for long spans."""
    length = to_at - from_at
    pattern = "%H:%M" if length.days < 2 else "%m-%d"
    return [
        (step * 25.0, timezone.localtime(from_at + length * step / 4).strftime(pattern))
        for step in range(5)
    ]
