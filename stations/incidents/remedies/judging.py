"""Whether a step helped, from the state before and after it (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

DOWN: Final = frozenset({"faulted", "unavailable"})
REFUSALS: Final = frozenset(
    {"rejected", "notsupported", "notimplemented", "unlockfailed", "unknownconnector", "failed"}
)


def is_refused(answer: str) -> bool:
    """Whether the station's own word means that it did not do it."""
    return answer.lower().replace("_", "") in REFUSALS


def got_worse(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """More EVSEs are down than before, or a station that was there is away."""
    if before.get("connected") and not after.get("connected"):
        return True
    return _down(after) > _down(before)


def _down(state: Mapping[str, Any]) -> int:
    statuses: Mapping[str, str] = state.get("statuses") or {}
    return sum(status in DOWN for status in statuses.values())
