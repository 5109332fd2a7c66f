"""What a station's local list needs next (pure)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

Step = Literal["nothing", "ask", "compare"]

COMPARED_ANEW: Final = timedelta(hours=6)
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """What is known of a list. ``stamp``: of the tokens when it was last compared;
    ``present_stamp``: of the tokens now."""

    version: int
    reported_version: int | None
    needs_full: bool
    is_supported: bool
    stamp: str
    present_stamp: str
    compared_at: datetime | None
    checked_at: datetime | None
    connected_at: datetime | None
    next_try_at: datetime | None


def next_step(facts: ListFacts, now: datetime) -> Step:
    """Ask the station for its version once a connection, where it should have a list (it may
    have lost it); compare when the tokens have changed, when it must be sent whole, when the
    versions differ, and every few hours."""
    if not facts.is_supported or (facts.next_try_at is not None and now < facts.next_try_at):
        return "nothing"
    unchecked = facts.checked_at is None or (
        facts.connected_at is not None and facts.checked_at < facts.connected_at
    )
    if facts.version and unchecked:
        return "ask"
    stale = facts.compared_at is None or facts.compared_at < now - COMPARED_ANEW
    differs = facts.reported_version is not None and facts.reported_version != facts.version
    changed = facts.stamp != facts.present_stamp
    return "compare" if facts.needs_full or differs or changed or stale else "nothing"


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: doubling, at most six hours."""
    doubled: int = 2 ** min(max(failures - 1, 0), 12)
    return min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)


def digest(entries: Sequence[dict[str, Any]]) -> str:
    """One text for a list of entries, whatever their order."""
    rows = sorted(json.dumps(entry, sort_keys=True) for entry in entries)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]
