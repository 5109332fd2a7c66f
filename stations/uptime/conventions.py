"""What an operator or a site decides about how outages are counted (pure)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

LAST_SEEN: Final = "last_seen"
THRESHOLD: Final = "threshold"
ALL: Final = "all"
MANDATORY: Final = "mandatory"
UNKNOWN: Final = "unknown"
DOWN: Final = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conventions:
    """``offline_after_s``: a longer gap is an outage; ``offline_from``: counted from the last sign
    of life or a threshold later; ``connectors``: down when all are, or also when a mandatory one
    is; ``own_outages``: our own are unknown time or down time; ``silent_attempts``: failures in a
    row that mean a silent failure, 0: none."""

    offline_after_s: int = 600
    offline_from: str = LAST_SEEN
    connectors: str = ALL
    own_outages: str = UNKNOWN
    silent_attempts: int = 3

    @property
    def offline_after(self) -> timedelta:
        """The threshold as a length of time."""
        return timedelta(seconds=self.offline_after_s)

    def as_dict(self) -> dict[str, Any]:
        """For pages, exports and the audit trail."""
        return asdict(self)
