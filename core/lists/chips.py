"""Applied filters as removable chips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from core.lists.filters import ListFilterSet


@dataclass(frozen=True, slots=True)
class Chip:
    """One applied filter; ``url`` is the list without it."""

    label: str
    value: str
    url: str


def applied(filterset: ListFilterSet, query: QueryDict) -> list[Chip]:
    """A chip per filter that has a value in the address, in the order of the form."""
    chips = []
    for name, field in filterset.form.fields.items():
        parameters = parameters_of(name, field)
        if not any(query.get(parameter) for parameter in parameters):
            continue
        value = filterset.form.cleaned_data.get(name) if filterset.is_valid() else None
        if value is None and filterset.is_valid():
            continue  # a select's "all" filters nothing
        shown = describe(value, field) if value is not None else query.get(parameters[0], "")
        chips.append(Chip(str(field.label or name), shown, without(query, *parameters)))
    return chips


def parameters_of(name: str, field: forms.Field) -> list[str]:
    """Names that a field has in the address (a range has two)."""
    suffixes = getattr(field.widget, "suffixes", None)
    return [f"{name}_{suffix}" for suffix in suffixes] if suffixes else [name]


def without(query: QueryDict, *names: str) -> str:
    """The query string without ``names`` and on the first page."""
    rest = query.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return f"?{rest.urlencode()}"


def describe(value: Any, field: forms.Field) -> str:
    """A filter's value in words."""
    if isinstance(value, slice):
        ends = [
            describe(end, field) if end is not None else "…" for end in (value.start, value.stop)
        ]
        return " – ".join(ends)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return timezone.localtime(value).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(describe(one, field) for one in value)
    return _choice_label(value, field)


def _choice_label(value: Any, field: forms.Field) -> str:
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        pairs: Any = flatten_choices(choices)
        for key, label in pairs:
            if str(key) == str(value):
                return str(label)
    return str(value)
