"""Where the parts of a small figure lie (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a bar: start and width in percent of the whole."""

    start: float
    width: float


def line_paths(values: Sequence[float | None], width: float, height: float) -> tuple[str, str]:
    """SVG paths of a line and of the area below it; a None is a gap.

    The lowest value (or 0, if all are positive) lies at the bottom.
    """
    known = [value for value in values if value is not None]
    if not known:
        return "", ""
    low, high = min(0.0, *known), max(known)
    scale = height / (high - low) if high > low else 0.0
    step = width / max(len(values) - 1, 1)
    lines, areas = [], []
    for run in _runs(values):
        points = [(index * step, height - (value - low) * scale) for index, value in run]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        lines.append(f"M{path}" if len(points) > 1 else f"M{path}h0.1")
        areas.append(f"M{points[0][0]:.1f} {height:.1f}L{path}L{points[-1][0]:.1f} {height:.1f}Z")
    return "".join(lines), "".join(areas)


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index, float(value)))
    return [run for run in runs if run]


def stack_spans(values: Sequence[float]) -> list[Span]:
    """Parts of a bar in proportion to ``values``; negative values count as nothing."""
    positive = [max(float(value), 0.0) for value in values]
    total = sum(positive)
    spans, start = [], 0.0
    for value in positive:
        width = value / total * 100 if total else 0.0
        spans.append(Span(start, width))
        start += width
    return spans


def time_span(
    begins_at: datetime, ends_at: datetime, from_at: datetime, to_at: datetime
) -> Span | None:
    """Where an interval lies within ``from_at`` to ``to_at``; None when outside."""
    whole = (to_at - from_at).total_seconds()
    begin = max((begins_at - from_at).total_seconds(), 0.0)
    end = min((ends_at - from_at).total_seconds(), whole)
    if whole <= 0 or end <= begin:
        return None
    return Span(begin / whole * 100, (end - begin) / whole * 100)
