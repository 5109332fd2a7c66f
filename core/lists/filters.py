"""Filters of lists: one FilterSet serves page, CSV and API."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_filters.widgets import DateRangeWidget, RangeWidget

ChoiceFilter = django_filters.ChoiceFilter
MultipleChoiceFilter = django_filters.MultipleChoiceFilter
CharFilter = django_filters.CharFilter
NumberFilter = django_filters.NumberFilter


class AddressFilter(django_filters.Filter):
    """An IP address; what is none is refused, since the database cannot compare with it."""

    field_class = forms.GenericIPAddressField


class ManySelect(forms.Select):
    """A select of hundreds of choices, written without a template for each of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The same HTML as the template's, for plain choices without attributes."""
        widget = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (one["value"], SafeString(" selected" if one["selected"] else ""), one["label"])
                for _group, several, _index in widget["optgroups"]
                for one in several
            ),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), options
        )


class ModelChoiceFilter(django_filters.ModelChoiceFilter):
    """One of the rows of another table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": ManySelect, **kwargs})


class EitherSelect(forms.NullBooleanSelect):
    """Yes, no, or all rows; Django's own says "Unknown" where nothing is filtered."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices = [("unknown", _("All")), *list(self.choices)[1:]]


class BooleanFilter(django_filters.BooleanFilter):
    """Rows where something is true, or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": EitherSelect, **kwargs})


class _Named(RangeWidget):
    """Gives each of two inputs a name of its own for screen readers."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Adds the names."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], (_("From"), _("To")), strict=True):
            part["attrs"]["aria-label"] = label
        return context


class FromToWidget(_Named, DateRangeWidget):
    """Two date inputs."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"type": "date", **(attrs or {})})


class LeastMostWidget(_Named):
    """Two inputs for numbers."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", **(attrs or {})})


class RangeFilter(django_filters.RangeFilter):
    """Numbers from the least to the most. In the address: ``<name>_min`` and ``<name>_max``."""

    def __init__(self, *, label: str | Promise, field_name: str | None = None) -> None:
        super().__init__(label=label, field_name=field_name, widget=LeastMostWidget)


class DateRange(django_filters.DateFromToRangeFilter):
    """Instants from the start of one day to the end of another, in the reader's zone.

    Parameters in the address: ``<name>_after`` and ``<name>_before``.
    """

    def __init__(self, *, label: str | Promise, field_name: str | None = None) -> None:
        super().__init__(label=label, field_name=field_name, widget=FromToWidget)


def with_words(queryset: QuerySet[Any], paths: Sequence[str], text: str) -> QuerySet[Any]:
    """Rows where each word of ``text`` occurs in one of the fields."""
    for word in text.replace("\x00", "").split()[:8]:
        tests = [Q(**{f"{path}__icontains": word}) for path in paths]
        if tests:
            queryset = queryset.filter(reduce(or_, tests))
    return queryset


class ListFilterSet(django_filters.FilterSet):
    """Base of all filters: quick search ``q`` over ``search_fields``, every word must match."""

    search_fields: Sequence[str] = ()
    q = CharFilter(method="search", label=_("Search"))

    def search(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Rows where each word of ``value`` occurs in one of ``search_fields``."""
        return with_words(queryset, self.search_fields, value)

    @property
    def result(self) -> QuerySet[Any]:
        """The filtered rows; none at all when a filter value is wrong."""
        if not self.is_valid():
            nothing: QuerySet[Any] = self.queryset.none()
            return nothing
        found: QuerySet[Any] = self.qs
        return found
