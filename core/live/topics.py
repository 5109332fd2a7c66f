"""Topics of live events: their spelling, and what lets a person listen."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

NETWORK: Final = "network"
MAX_TOPICS: Final = 16
MOST_NETWORK_TOPICS: Final = 1000
"""So many parts of the network fit into a ticket; beyond them a page is fresh when it is opened."""

_RULES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"network"), "network.view"),
    (re.compile(r"station\.\d{1,18}"), "network.view"),
    (re.compile(r"session\.\d{1,18}"), "session.view"),
    (re.compile(r"command\.[A-Za-z0-9_-]{1,24}"), "network.view"),
    (re.compile(r"journal\.\d{1,18}"), "journal.view"),
)


def permission_for(topic: str) -> str | None:
    """The permission that a listener of ``topic`` needs; None when there is no such topic."""
    for pattern, permission in _RULES:
        if pattern.fullmatch(topic):
            return permission
    return None


class LiveScope(Protocol):
    """What the floor that knows the rows behind topics offers, for the places in scope."""

    def visible(self, topics: Collection[str]) -> set[str]:
        """Those of ``topics`` that a person who sees only these places may hear."""
        ...

    def network(self) -> list[str]:
        """The topics that stand for the network of these places."""
        ...


@cache
def live_scope() -> LiveScope:
    """The scope that the installation names."""
    scope: LiveScope = import_string(settings.LIVE_SCOPE)()
    return scope


def channel(operator_id: int) -> str:
    """The Redis channel that carries all live events of one operator."""
    return f"portal.live.{operator_id}"
