"""What history and notes can hang on in billing."""

from __future__ import annotations

from core.objects.kinds import ObjectKind


def kinds() -> list[ObjectKind]:
    """The kinds of this app."""
    return []
