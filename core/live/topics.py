"""Topics of live events: their spelling, and which permission lets a person listen (pure)."""

from __future__ import annotations

import re
from typing import Final

NETWORK: Final = "network"
MAX_TOPICS: Final = 16

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


def channel(operator_id: int) -> str:
    """The Redis channel that carries all live events of one operator."""
    return f"portal.live.{operator_id}"
