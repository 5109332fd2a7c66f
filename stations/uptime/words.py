"""Figures of uptime as people read them."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from django.utils import formats

from core.ui import units


def percent_text(value: Fraction | None, decimals: int = 2) -> str:
    """``98,63 %``, never rounded up to a limit that was not met; a dash for nothing."""
    if value is None:
        return "–"
    step = 10**decimals
    cut = int(value * step) / step
    return f"{formats.number_format(cut, decimals)} %"


def duration(value_ms: int) -> str:
    """A length of time from milliseconds."""
    return units.duration(timedelta(milliseconds=value_ms))
