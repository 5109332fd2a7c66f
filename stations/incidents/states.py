"""The life of an incident: which state may follow which (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

OPEN: Final = "open"
ACKNOWLEDGED: Final = "acknowledged"
RESOLVED: Final = "resolved"
MERGED: Final = "merged"

LIVE: Final = frozenset({OPEN, ACKNOWLEDGED})
"""States in which something is still wrong."""
TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    OPEN: frozenset({ACKNOWLEDGED, RESOLVED, MERGED}),
    ACKNOWLEDGED: frozenset({OPEN, RESOLVED, MERGED}),
    RESOLVED: frozenset({OPEN}),
    MERGED: frozenset(),
}
REOPEN_WITHIN: Final = timedelta(hours=2)
"""The same trouble within this time after it ended is the same incident, opened again."""
LONGEST_SNOOZE: Final = timedelta(days=14)


def origins_of(state: str) -> list[str]:
    """The states from which ``state`` may be reached."""
    return sorted(origin for origin, targets in TRANSITIONS.items() if state in targets)


def is_same_trouble(resolved_at: datetime | None, symptom_at: datetime) -> bool:
    """Whether a symptom belongs to an incident that ended then: flapping is one incident."""
    return resolved_at is not None and symptom_at - resolved_at <= REOPEN_WITHIN
