"""Addresses of the API: the final slash is optional, references may hold any printable text."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, re_path

_REF = r"[^/\x00-\x1f\x7f]+"


def address(route: str, view: type[Any], name: str) -> URLPattern:
    """``stations/{ref}/evses/{number}`` as a pattern; ``{number}`` stands for digits alone.

    ``{uid}`` may hold slashes, since a token may; it must come last.
    """
    pattern = (
        route.replace("{number}", r"(?P<number>\d{1,10})")
        .replace("{connector}", r"(?P<connector>\d{1,10})")
        .replace("{ref}", rf"(?P<ref>{_REF})")
        .replace("{uid}", r"(?P<uid>[^\x00-\x1f\x7f]+?)")
    )
    made: URLPattern = re_path(rf"^{pattern}/?$", view.as_view(), name=f"api_{name}")
    return made
