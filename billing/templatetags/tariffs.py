"""Words of tariffs in templates."""

from __future__ import annotations

from django import template

from billing.tariffs.difference import Change
from billing.tariffs.lint_words import label
from billing.tariffs.models import TariffAssignment
from billing.tariffs.tables import place_text

register = template.Library()


@register.filter
def change_label(change: Change) -> str:
    """Where a change is."""
    return label(change)


@register.filter
def place_name(assignment: TariffAssignment) -> str:
    """Where an assignment holds."""
    return place_text(assignment)
