"""Walking through a list from one object to the next: ``{% load walking %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from core.lists.neighbours import neighbours

register = template.Library()


@register.inclusion_tag("components/walk.html", takes_context=True)
def walk(context: Context, name: str, ref: str) -> dict[str, Any]:
    """``{% walk "stations" station.public_id %}``: previous and next in the list the reader
    came from; nothing without one. The list's and the detail's URL are ``station_list`` and
    ``station_detail`` for the list ``stations``."""
    one = name.removesuffix("s")
    found = neighbours(
        context["request"],
        name=name,
        list_url_name=f"{one}_list",
        detail_url_name=f"{one}_detail",
        ref=ref,
    )
    return {"neighbours": found}
