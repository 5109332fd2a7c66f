"""JSON as a collapsible tree, rendered on the server and escaped throughout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MAX_NODES: Final = 4000
MAX_DEPTH: Final = 24
_OPEN_DEPTH: Final = 3


def json_tree(value: Any) -> SafeString:
    """A ``<div class="json">``; what is very large or deep is shown as plain text."""
    if _too_large(value):
        text = json.dumps(value, indent=1, ensure_ascii=False, default=str)
        return format_html('<pre class="json" tabindex="0">{}</pre>', text)
    return format_html('<div class="json">{}</div>', _node(value, 0))


def _too_large(value: Any) -> bool:
    nodes = 0
    level: list[Any] = [value]
    for _depth in range(MAX_DEPTH):
        nodes += len(level)
        if nodes > MAX_NODES:
            return True
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []


def _node(value: Any, depth: int) -> SafeString:
    if isinstance(value, dict):
        return _branch("{}", len(value), ((f"{k}: ", v) for k, v in value.items()), depth)
    if isinstance(value, list | tuple):
        return _branch("[]", len(value), (("", v) for v in value), depth)
    if isinstance(value, bool) or value is None:
        return format_html('<span class="word">{}</span>', json.dumps(value))
    if isinstance(value, int | float):
        return format_html('<span class="number">{}</span>', repr(value))
    text = json.dumps(str(value), ensure_ascii=False)
    return format_html('<span class="string">{}</span>', text)


def _branch(signs: str, size: int, items: Iterator[tuple[str, Any]], depth: int) -> SafeString:
    if not size:
        return format_html('<span class="quiet">{}</span>', signs)
    rows = format_html_join(
        "", '<li><span class="key">{}</span>{}</li>', ((k, _node(v, depth + 1)) for k, v in items)
    )
    return format_html(
        '<details{}><summary><span class="quiet">{} {} {}</span></summary><ul>{}</ul></details>',
        SafeString(" open") if depth < _OPEN_DEPTH else "", signs[0], size, signs[1], rows,
    )  # fmt: skip
