"""Entries of the main navigation; each app adds its own by the setting NAV_ENTRIES."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NavGroup(TextChoices):
    """Parts of the menu, in their order; entries of TOP stand alone above all others."""

    TOP = "top", ""
    NETWORK = "network", _("Network")
    OPERATION = "operation", _("Operation")
    CUSTOMERS = "customers", _("Customers")
    BILLING = "billing", _("Billing")
    BOOKS = "books", _("Books")
    PLANNING = "planning", _("Planning")
    FOLLOW_UP = "follow_up", _("Follow-up")
    SETTINGS = "settings", _("Settings")


OPEN_AT_FIRST = (NavGroup.NETWORK, NavGroup.OPERATION)
"""Open on a page that belongs to no group, such as the overview."""


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One link: label, URL name, icon of the sprite, permission needed, place in the order, group.

    ``unless``: who has this right has fuller pages and does not need the entry. ``href`` and
    ``current`` ("page", or "true" above the page) are filled in when a menu is made; an
    installation without the page leaves the entry out.
    """

    label: str | Promise
    url_name: str
    icon: str
    permission: str = ""
    order: int = 100
    group: NavGroup = NavGroup.SETTINGS
    unless: str = ""
    href: str = ""
    current: str = ""


@dataclass(frozen=True, slots=True)
class NavSection:
    """One group of the menu with the entries that the person may see."""

    group: NavGroup
    entries: tuple[NavEntry, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Navigation:
    """The whole menu: what stands alone, the groups, and the short bar of phones."""

    top: tuple[NavEntry, ...] = ()
    sections: tuple[NavSection, ...] = ()
    bar: tuple[NavEntry, ...] = ()


NavSource = Callable[[], Iterable[NavEntry]]

BAR_ENTRIES = 4


def current_entry(entries: Sequence[NavEntry], path: str) -> NavEntry | None:
    """The entry whose page, or a page above it, ``path`` is: the longest address that fits."""
    fits = [
        entry
        for entry in entries
        if path == entry.href or (entry.href.count("/") > 1 and path.startswith(entry.href))
    ]
    return max(fits, key=lambda entry: len(entry.href), default=None)


def with_addresses(
    entries: Iterable[NavEntry], address: Callable[[str], str]
) -> tuple[NavEntry, ...]:
    """Those that lead somewhere, in their order, with labels in the language of now."""
    known = [
        replace(entry, label=str(entry.label), href=address(entry.url_name)) for entry in entries
    ]
    return tuple(sorted((e for e in known if e.href), key=lambda entry: entry.order))


def navigation(entries: Sequence[NavEntry], path: str) -> Navigation:
    """The menu as it stands on the page ``path``: the group of that page is open."""
    shown = list(entries)
    here = current_entry(shown, path)
    if here is not None:
        current = "page" if here.href == path else "true"
        shown[shown.index(here)] = here = replace(here, current=current)
    opened = OPEN_AT_FIRST if here is None or here.group == NavGroup.TOP else (here.group,)
    members = {group: tuple(e for e in shown if e.group == group) for group in NavGroup}
    return Navigation(
        top=members.pop(NavGroup.TOP),
        sections=tuple(
            NavSection(group, found, group in opened) for group, found in members.items() if found
        ),
        bar=tuple(shown[:BAR_ENTRIES]),
    )
