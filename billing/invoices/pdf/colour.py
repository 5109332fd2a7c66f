"""The operator's colour, dark enough to be read on paper (pure)."""

from __future__ import annotations

import re
from typing import Final

DEFAULT: Final = "#0b5c6b"
_ENOUGH: Final = 4.5  # WCAG 2.2, 1.4.3


def readable(colour: str) -> str:
    """``colour`` (#rrggbb), darkened until its contrast to white is enough."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return DEFAULT
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    while contrast_to_white(parts) < _ENOUGH:
        parts = [part * 95 // 100 for part in parts]
    return "#" + "".join(f"{part:02x}" for part in parts)


def contrast_to_white(parts: list[int]) -> float:
    """The contrast ratio of WCAG."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in parts)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)
