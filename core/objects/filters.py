"""Filters of rows about objects."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from core.lists.filters import CharFilter, ListFilterSet
from core.objects.find import find_object


class AboutFilter(ListFilterSet):
    """Rows about one object, named as ``site:site_7k…``, by its kind and reference."""

    about = CharFilter(method="by_object", label=_("About (kind:reference)"))

    def by_object(self, queryset: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Rows about the object; none when there is no such object."""
        kind, _separator, reference = value.partition(":")
        try:
            found, instance = find_object(kind, reference)
        except Http404:
            return queryset.none()
        return queryset.filter(object_type=found.type_name, object_id=str(instance.pk))
