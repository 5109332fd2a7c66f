"""Reading members out of OCPP payloads that may hold anything (pure)."""

from __future__ import annotations

from typing import Any


def text(value: Any, limit: int) -> str:
    """``value`` if it is text, cut to ``limit`` characters; empty otherwise."""
    return value[:limit] if isinstance(value, str) else ""


def whole(value: Any, *, most: int = 2**31 - 1) -> int:
    """``value`` if it is a whole number from 0 to ``most``; 0 otherwise."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    return value if fits else 0


def member(value: Any, *names: str) -> Any:
    """``value[a][b]…``; None as soon as something on the way is no object or missing."""
    for name in names:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; empty when it is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
