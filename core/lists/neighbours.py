"""The previous and the next object of the list that a reader came from."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from core.accounts.middleware import has_permission
from core.lists import registry
from core.lists.page import filtered, ordered
from core.lists.paging import page_number, page_size
from core.lists.spec import ListSpec

PARAMETER = "in"
"""Carries the list's query from one object to the next; the first comes from the list itself."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses of the objects before and after, empty at the ends, and of the list."""

    previous: str
    following: str
    list_url: str


def neighbours(
    request: HttpRequest, *, name: str, list_url_name: str, detail_url_name: str, ref: str
) -> Neighbours | None:
    """Where ``ref`` (a public id) stands in the list; None when the reader did not come from it,
    or it is not there any more. One query, as long as a page of the list."""
    url = reverse(list_url_name)
    query = _query(request, url)
    spec = registry.find(name)
    if query is None or spec is None or not has_permission(request, spec.permission):
        return None
    asked = QueryDict(query, mutable=True)
    size = page_size(asked.get("per_page"), spec.page_size)
    first = (page_number(asked.get("page"), 1_000_000) - 1) * size
    before = min(first, 1)
    found = _refs(request, spec, asked, first - before, size + 1 + before)
    if ref not in found:
        return None
    place = found.index(ref)

    def link(index: int) -> str:
        if not 0 <= index < len(found):
            return ""
        asked["page"] = str((first - before + index) // size + 1)
        carried = urlencode({PARAMETER: asked.urlencode()})
        return f"{reverse(detail_url_name, args=[found[index]])}?{carried}"

    return Neighbours(link(place - 1), link(place + 1), f"{url}?{query}" if query else url)


def _query(request: HttpRequest, url: str) -> str | None:
    """The query of the list: carried along, or of the list that links here."""
    carried = request.GET.get(PARAMETER)
    if carried is not None:
        return carried[:2000]
    came = urlsplit(request.headers.get("Referer", ""))
    return came.query if came.path == url and came.netloc == request.get_host() else None


def _refs(
    request: HttpRequest, spec: ListSpec, asked: QueryDict, first: int, most: int
) -> Sequence[str]:
    listed: Any = copy.copy(request)
    listed.GET = asked
    _filterset, rows = filtered(listed, spec)
    table = ordered(listed, spec, rows)
    return list(table.data.data.values_list("public_id", flat=True)[first : first + most])
