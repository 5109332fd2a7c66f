"""All lists by name; known once the addresses have been loaded."""

from __future__ import annotations

from typing import Any, Final

from django.urls import URLPattern, get_resolver, reverse

from core.lists.spec import ListSpec

_SPECS: Final[dict[str, ListSpec]] = {}


def add(spec: ListSpec) -> None:
    """Called by ``list_view``."""
    _SPECS[spec.name] = spec


def find(name: str) -> ListSpec | None:
    """The list of this name."""
    return all_lists().get(name)


def all_lists() -> dict[str, ListSpec]:
    """Every list that has an address."""
    _load()
    return dict(_SPECS)


def address_of(spec: ListSpec) -> str:
    """The page of a list; nothing where this installation has none."""
    for pattern in _load():
        if getattr(pattern.callback, "list_name", "") == spec.name and pattern.name:
            return reverse(pattern.name)
    return ""


def _load() -> list[URLPattern]:
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns: list[Any]) -> list[URLPattern]:
    found: list[URLPattern] = []
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            found.append(pattern)
        elif str(pattern.pattern) not in ("admin/", "api/v1/", "accounts/"):
            found += _walk(pattern.url_patterns)
    return found
