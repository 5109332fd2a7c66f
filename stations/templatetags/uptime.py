"""Template tags of uptime: percentages and lengths of time."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils import formats

from stations.uptime import words

register = template.Library()


@register.filter
def uptime_percent(value: Fraction | None) -> str:
    """``{{ row.availability|uptime_percent }}``: ``98,63 %``, cut rather than rounded."""
    return words.percent_text(value)


@register.filter
def from_ms(value: int) -> str:
    """A length of time from milliseconds."""
    return words.duration(value)


@register.filter
def minutes_text(value: Fraction) -> str:
    """Minutes with two decimals."""
    return str(formats.number_format(float(round(value, 2)), 2, use_l10n=True, force_grouping=True))


@register.filter
def hours_text(value: Fraction | None) -> str:
    """Hours with one decimal; a dash for nothing."""
    return "–" if value is None else f"{formats.number_format(float(round(value, 1)), 1)} h"
