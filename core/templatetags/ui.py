"""Template tags of the interface; a builtin library, so pages need no ``{% load %}``.

Small things (icon, status, moment, copyable) are functions of core.ui.html; larger ones have a
template under templates/components/.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django import template
from django.conf import settings
from django.forms import BoundField
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.accounts.middleware import has_permission
from core.nav import NavEntry
from core.ui import html, units
from core.ui.json_tree import json_tree
from core.undo import undo_of

register = template.Library()
MOST_SIGNS: Final = 9
"""Longer figures are set smaller on a tile."""


@register.inclusion_tag("components/undo.html", takes_context=True)
def undo(context: Context, message: Any) -> dict[str, Any]:
    """The button that takes back what a message tells, where it can be."""
    return {"undo": undo_of(message), "csrf_token": context.get("csrf_token")}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "bolt" %}``; with a label it is read aloud."""
    return html.icon_html(name, label)


@register.simple_tag
def nav_items(entries: Sequence[NavEntry]) -> SafeString:
    """Entries of the menu as items of a list."""
    return html.nav_html(entries)


@register.simple_tag
def map_base() -> SafeString:
    """Attributes of a map: what lies under its markers (raster tiles, a PMTiles file, or the
    bundled outline), and the icons."""
    file = reverse("base_map") if settings.MAP_PMTILES_PATH else ""
    return format_html(
        'data-outline="{}" data-icons="{}" data-tiles="{}" data-pmtiles="{}" data-language="{}"',
        static("map/outline.geojson"), static("icons.svg"), settings.MAP_TILE_URL, file,
        get_language() or "en",
    )  # fmt: skip


@register.simple_tag
def has_vector_map() -> bool:
    """Whether pages with a map need the script that draws vector tiles."""
    return bool(settings.MAP_PMTILES_PATH)


@register.simple_tag
def status(value: object, kind: str = "connector", stale: bool = False) -> SafeString:
    """``{% status connector.status %}``, ``{% status command.state "command" %}``."""
    return html.status_html(value, kind, stale=stale)


@register.simple_tag
def moment(value: datetime | date | None, seconds: bool = False, zone: bool = True) -> SafeString:
    """Absolute time and zone; how long ago in the tooltip."""
    return html.moment_html(value, seconds=seconds, zone=zone)


@register.simple_tag
def ago(value: datetime | None) -> SafeString:
    """How long ago; the absolute time in the tooltip."""
    return html.moment_html(value, relative_first=True)


@register.simple_tag
def copyable(value: object, label: str = "") -> SafeString:
    """An id with a copy button."""
    return html.copyable_html(value, label=label)


@register.simple_tag
def json_view(value: Any) -> SafeString:
    """JSON as a collapsible tree."""
    return json_tree(value)


@register.simple_tag
def safe_url(name: str, *args: object) -> str:
    """Address of a page, or nothing when this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def may(context: Context, permission: str) -> bool:
    """``{% may "command.send" as allowed %}``: whether the reader has a permission."""
    request: HttpRequest | None = context.get("request")
    return request is not None and has_permission(request, permission)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """This page's query string with changes; None or "" removes a parameter."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def kwh(energy_wh: units.Number, decimals: int = 2) -> str:
    """``{{ session.energy_wh|kwh }}``: Wh as kWh."""
    return units.energy(energy_wh, decimals)


@register.simple_tag
def money(amount: units.Number, currency: str) -> str:
    """An amount with its currency."""
    return units.money(amount, currency)


@register.filter
def kw(power_w: units.Number, decimals: int = 1) -> str:
    """``{{ evse.power_w|kw }}``: W as kW."""
    return units.power(power_w, decimals)


@register.filter
def unit(value: units.Number, name: str) -> str:
    """``{{ lost|unit:"kWh" }}``: one decimal and the unit."""
    return units.quantity(value, name, decimals=1)


@register.filter
def percent(share: float | None, decimals: int = 0) -> str:
    """A share of 0 to 1 as percent."""
    return units.percent(share, decimals)


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A timedelta or seconds in words."""
    return units.duration(value)


@register.filter
def initials(value: object) -> str:
    """Up to two capital letters of a name or address."""
    words = str(value).split("@")[0].replace(".", " ").split()
    return "".join(word[0] for word in words[:2]).upper()


@register.inclusion_tag("components/empty.html")
def empty(
    title: str, text: str = "", icon: str = "search", url: str = "", action: str = ""
) -> dict[str, Any]:
    """What is missing, and what to do about it."""
    return {"title": title, "text": text, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("components/tile.html")
def tile(
    label: str,
    value: object,
    url: str = "",
    icon: str = "",
    tone: str = "",
    note: str = "",
    unit: str = "",
) -> dict[str, Any]:
    """A number that links to the list behind it; ``tone`` colours it."""
    return {
        "label": label, "value": value, "url": url, "icon": icon, "tone": tone, "note": note,
        "unit": unit, "is_long": len(strip_tags(f"{value} {unit}".strip())) > MOST_SIGNS,
    }  # fmt: skip


@register.simple_tag
def meter(value: float | None, limit: float | None, label: str, tone: str = "active") -> SafeString:
    """A small bar of ``value`` out of ``limit``; ``label`` is read aloud."""
    share = min(max(float(value or 0) / float(limit), 0), 1) if limit else 0
    return format_html(
        '<svg class="meter tone-{}" role="img" aria-label="{}" viewBox="0 0 100 8" '
        'preserveAspectRatio="none"><rect class="track" width="100" height="8" rx="2"/>'
        '<rect class="fill" width="{}" height="8" rx="2"/></svg>',
        tone, label, f"{share * 100:.1f}",
    )  # fmt: skip


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, help_text: str = "") -> dict[str, Any]:
    """One form field with label, help and errors linked by ``aria-describedby``."""
    help_text = help_text or str(bound.help_text or "")
    described = [f"{bound.auto_id}_help"] if help_text else []
    attrs: dict[str, str | bool] = {}
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attrs),
        "help_text": help_text,
        "is_check": getattr(bound.field.widget, "input_type", "") == "checkbox"
        and not bound.use_fieldset,
        "is_group": bound.use_fieldset,
    }


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*pairs: str) -> dict[str, Any]:
    """``{% breadcrumbs _("Stations") url name "" %}``: label and address in turn."""
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=False))}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Sequence[dict[str, Any]], current: str, label: str) -> dict[str, Any]:
    """Links of one page: ``{"key", "label", "url", "count"?}``."""
    return {"items": items, "current": current, "label": label}


@register.inclusion_tag("components/log_row.html")
def log_row(
    at: datetime,
    title: str,
    text: str = "",
    icon: str = "",
    tone: str = "",
    direction: str = "",
    payload: Any = None,
) -> dict[str, Any]:
    """One line of a log; ``direction`` is in or out, ``payload`` a collapsible JSON."""
    return {
        "at": at, "title": title, "text": text, "icon": icon, "tone": tone,
        "direction": direction, "payload": payload,
    }  # fmt: skip


@register.inclusion_tag("components/confirm.html", takes_context=True)
def confirm(
    context: Context,
    key: str,
    url: str,
    verb: str,
    title: str,
    consequence: str,
    **options: Any,
) -> dict[str, Any]:
    """A button that opens a dialog naming object and consequence, with a form inside.

    Options: ``danger`` (red), ``ask_reason`` (a required "why"), ``icon``, ``disabled`` (the
    reason why the button cannot be used), ``small``; every other one is posted as a hidden value.
    """
    known = {"danger", "ask_reason", "icon", "disabled", "small"}
    hidden = {name: value for name, value in options.items() if name not in known}
    chosen = {name: options.get(name, "") for name in known}
    return {
        "key": key, "url": url, "verb": verb, "title": title, "consequence": consequence,
        "hidden": hidden, "csrf_token": context.get("csrf_token"), **chosen,
    }  # fmt: skip


@register.simple_block_tag
def panel(content: str, title: str = "", icon: str = "", flush: bool = False) -> SafeString:
    """``{% panel title=_("Facts") %}…{% endpanel %}``; flush: no padding (tables)."""
    head = ""
    if title:
        mark = html.icon_html(icon) if icon else ""
        head = format_html('<div class="panel-head"><h2>{} {}</h2></div>', mark, title)
    body = content if flush else format_html('<div class="panel-body">{}</div>', content)
    return format_html(
        '<section class="panel{}">{}{}</section>', " panel-flush" if flush else "", head, body
    )


@register.simple_block_tag
def notice(content: str, tone: str = "active", icon: str = "info-circle") -> SafeString:
    """``{% notice "warn" "alert-triangle" %}…{% endnotice %}``."""
    return format_html(
        '<div class="notice tone-{}">{}<div>{}</div></div>', tone, html.icon_html(icon), content
    )
