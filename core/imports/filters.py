"""Filters of imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.imports.models import ImportRun, ImportState
from core.imports.registry import specs
from core.lists.filters import ChoiceFilter, DateRange, ListFilterSet


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of this installation."""
    return [(spec.name, str(spec.title)) for spec in specs().values()]


class ImportFilter(ListFilterSet):
    """Imports by text, kind, state and day."""

    search_fields = ("file_name", "user_label", "reason", "public_id")
    kind = ChoiceFilter(label=_("Kind"), choices=kind_choices)
    state = ChoiceFilter(label=_("State"), choices=ImportState.choices)
    uploaded = DateRange(label=_("Uploaded"), field_name="created_at")

    class Meta:
        model = ImportRun
        fields: list[str] = []
