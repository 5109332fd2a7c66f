"""Sites and EVSEs in use with what each lacks, and how many lack each element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from stations.hardware.completeness.elements import EVSE_ELEMENTS, SITE_ELEMENTS, Element
from stations.hardware.models import Evse
from stations.sites.models import Site


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How many of ``total`` rows lack an element."""

    element: Element
    count: int
    total: int


def _marked(queryset: QuerySet[Any], elements: Sequence[Element]) -> QuerySet[Any]:
    marks = {
        f"lacks_{one.key}": ExpressionWrapper(one.lacks(), output_field=BooleanField())
        for one in elements
    }
    marked: QuerySet[Any] = queryset.annotate(**marks)
    return marked


def sites_marked() -> QuerySet[Any]:
    """Sites in use; ``lacks_<key>`` says whether an element is missing."""
    return _marked(Site.objects.filter(retired_on=None), SITE_ELEMENTS).order_by("name", "id")


def evses_marked() -> QuerySet[Any]:
    """EVSEs in use of stations in use; ``lacks_<key>`` as for sites."""
    rows = Evse.objects.select_related("station__site").filter(
        retired_on=None, station__retired_on=None
    )
    return _marked(rows, EVSE_ELEMENTS).order_by("station__site__name", "station__name", "number")


def with_gaps(queryset: QuerySet[Any], elements: Sequence[Element]) -> QuerySet[Any]:
    """Rows that lack something."""
    return queryset.filter(reduce(or_, (Q(**{f"lacks_{one.key}": True}) for one in elements)))


def lacking(row: Any, elements: Sequence[Element]) -> list[Element]:
    """What a marked row lacks."""
    return [one for one in elements if getattr(row, f"lacks_{one.key}")]


def shortfalls(queryset: QuerySet[Any], elements: Sequence[Element]) -> list[Shortfall]:
    """How many of the marked rows lack each element; one query."""
    counts = {f"n_{e.key}": Count("pk", filter=Q(**{f"lacks_{e.key}": True})) for e in elements}
    found = queryset.order_by().aggregate(n_all=Count("pk"), **counts)
    return [Shortfall(one, found[f"n_{one.key}"], found["n_all"]) for one in elements]
