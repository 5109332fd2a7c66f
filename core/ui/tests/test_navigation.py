"""The menu: groups in order, the group of the page open, pages that do not exist left out."""

from __future__ import annotations

from core.nav import (
    OPEN_AT_FIRST,
    NavEntry,
    NavGroup,
    current_entry,
    navigation,
    with_addresses,
)

ADDRESSES = {
    "home": "/",
    "sites": "/sites/",
    "new_site": "/sites/new/",
    "drivers": "/drivers/",
    "sessions": "/sessions/",
}
ENTRIES = [
    NavEntry("Drivers", "drivers", "users", order=50, group=NavGroup.CUSTOMERS),
    NavEntry("Home", "home", "home", order=10, group=NavGroup.TOP),
    NavEntry("Sessions", "sessions", "bolt", order=30, group=NavGroup.OPERATION),
    NavEntry("Sites", "sites", "map-pin", order=20, group=NavGroup.NETWORK),
    NavEntry("New site", "new_site", "plus", order=21, group=NavGroup.NETWORK),
    NavEntry("Absent", "absent", "x", order=1),
]
SHOWN = with_addresses(ENTRIES, lambda name: ADDRESSES.get(name, ""))


def opened(path: str) -> list[NavGroup]:
    menu = navigation(SHOWN, path)
    return [section.group for section in menu.sections if section.is_open]


def currents(path: str) -> dict[str, str]:
    menu = navigation(SHOWN, path)
    entries = [entry for section in menu.sections for entry in section.entries]
    return {str(entry.label): entry.current for entry in entries if entry.current}


def test_groups_stand_in_order_and_pages_that_do_not_exist_are_left_out() -> None:
    menu = navigation(SHOWN, "/")

    assert [entry.label for entry in menu.top] == ["Home"]
    assert [section.group for section in menu.sections] == ["network", "operation", "customers"]
    assert [entry.label for entry in menu.bar] == ["Home", "Sites", "New site", "Sessions"]


def test_the_group_of_the_page_is_open_alone() -> None:
    assert opened("/drivers/dr_1/edit/") == [NavGroup.CUSTOMERS]
    assert opened("/") == list(OPEN_AT_FIRST)
    assert opened("/accounts/email/") == list(OPEN_AT_FIRST)


def test_the_current_entry_is_the_nearest_page_above() -> None:
    menu = navigation(SHOWN, "/")
    entries = [entry for section in menu.sections for entry in section.entries]

    nearest = current_entry(entries, "/sites/new/")

    assert nearest is not None
    assert nearest.label == "New site"
    assert currents("/sites/new/") == {"New site": "page"}
    assert currents("/sites/site_1/") == {"Sites": "true"}
    assert current_entry(entries, "/elsewhere/") is None
