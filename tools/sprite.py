"""Build one SVG sprite from single icons."""

from __future__ import annotations

import re
from collections.abc import Mapping

_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_BACKGROUND = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
_HEAD = '<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler Icons, MIT; see icons.LICENSE -->\n'


def build_sprite(icons: Mapping[str, str]) -> str:
    """A sprite with one ``<symbol id="name">`` per icon; raises ValueError for other shapes."""
    symbols = []
    for name, text in icons.items():
        match = _INNER.search(text)
        if match is None:
            raise ValueError(f"{name} is not an SVG icon")
        body = " ".join(_BACKGROUND.sub("", match[1]).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>\n')
    return _HEAD + "".join(symbols) + "</svg>\n"
