"""Our own pages, from the resolver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

FOREIGN_ROUTES = (
    "api/", "admin/", "accounts/", "health/", "metrics", "join/", "my/", "g/", "map/base",
    "open/", "station-files/", "calendar/", "status/",
)  # fmt: skip
"""Pages of customers (my/) and guests (g/) are walked by the tests of their rooms; the base map,
open data and status pages are public; a calendar is read by who has its address, files by stations
that were given one."""


@dataclass(frozen=True, slots=True)
class Page:
    """One named address with arguments."""

    name: str
    args: tuple[Any, ...]
    permission: str

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.name, args=self.args)


def routes() -> Iterator[tuple[str, str, URLPattern]]:
    """Names and routes of our own pages (not the API, the admin or log-in)."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(FOREIGN_ROUTES):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif pattern.name:
            yield pattern.name, route, pattern
