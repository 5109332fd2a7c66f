"""Entries of the main navigation; each app adds its own by the setting NAV_ENTRIES."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One link: label, URL name, icon of the sprite, permission needed, place in the order."""

    label: str | Promise
    url_name: str
    icon: str
    permission: str = ""
    order: int = 100


NavSource = Callable[[], Iterable[NavEntry]]
