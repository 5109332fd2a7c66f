"""Navigation entries of the billing app."""

from __future__ import annotations

from core.nav import NavEntry


def entries() -> list[NavEntry]:
    """Tariffs, accounts, rated and held sessions."""
    return []
