"""Which rows a bulk action is asked for: by the page of a list, or by a call of the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from core.errors import InvalidInput, RuleViolation
from core.lists.page import filtered, ordered
from core.lists.paging import page_number, page_size
from core.lists.saved import sound
from core.lists.spec import ListSpec

MOST_ROWS: Final = 5000


def of_page(request: HttpRequest, spec: ListSpec) -> QuerySet[Any]:
    """The rows that the form of a list names, in the order of the list.

    ``scope`` says which: the chosen ones (``id``), those of the page, all that match.
    """
    scope = request.POST.get("scope", "chosen")
    if scope == "chosen":
        ids = [int(t) for t in request.POST.getlist("id") if t.isdecimal() and len(t) < 19]
        return _in_order(request, spec, Q(pk__in=ids[: MOST_ROWS + 1]))
    matching = of_filter(request, spec)
    if scope == "matching":
        return matching
    size = page_size(request.GET.get("per_page"), spec.page_size)
    start = (page_number(request.GET.get("page"), 10**6) - 1) * size
    return _in_order(request, spec, Q(pk__in=[row.pk for row in matching[start : start + size]]))


def of_filter(request: HttpRequest, spec: ListSpec) -> QuerySet[Any]:
    """All rows that match the filters of the address; refuses filters that are wrong."""
    filterset, rows = filtered(request, spec)
    if not filterset.is_valid():
        raise RuleViolation("filter", _("A filter is wrong; nothing was chosen."))
    matching: QuerySet[Any] = ordered(request, spec, rows).data.data
    return matching


def of_query(request: HttpRequest, spec: ListSpec, query: str) -> QuerySet[Any]:
    """All rows that match a query string; refuses by name what the list does not know."""
    good, lost = sound(request, spec, query)
    if lost:
        raise InvalidInput(
            "filter",
            _("A filter is wrong; nothing was chosen: %(names)s") % {"names": ", ".join(lost)},
            field="query",
        )
    request.GET = QueryDict(good.urlencode())
    return of_filter(request, spec)


def of_ids(request: HttpRequest, spec: ListSpec, ids: Sequence[str]) -> QuerySet[Any]:
    """The rows that the API's ids name; refuses by name one that is not there."""
    wanted = list(dict.fromkeys(ids))
    named = Q(pk__in=[])
    for key in spec.keys:
        fitting = [one for one in wanted if key != "pk" or (one.isdecimal() and len(one) < 19)]
        named |= Q(**{f"{key}__in": fitting})
    rows = _in_order(request, spec, named)
    found = {str(value) for values in rows.values_list(*spec.keys) for value in values}
    missing = [one for one in wanted if one not in found]
    if missing:
        raise InvalidInput(
            "unknown_ids",
            _("There is no such row: %(names)s") % {"names": ", ".join(missing[:20])},
            field="ids",
        )
    return rows


def key_of(spec: ListSpec, row: Any) -> str:
    """How the API names a row."""
    for part in spec.keys[0].split("__"):
        row = getattr(row, part)
    return str(row)


def _in_order(request: HttpRequest, spec: ListSpec, condition: Q) -> QuerySet[Any]:
    rows = spec.queryset(request).filter(condition)
    in_order: QuerySet[Any] = ordered(request, spec, rows).data.data
    return in_order
