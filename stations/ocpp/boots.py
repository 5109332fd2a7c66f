"""What a BootNotification of any version tells: why, and with which firmware (pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BootFacts:
    """Reason (2.x alone) and firmware version; empty when not told."""

    reason: str = ""
    firmware: str = ""


def boot_facts(request: str) -> BootFacts:
    """The facts in a request as the journal keeps it; nothing of one that is no JSON object."""
    try:
        told = json.loads(request)
    except ValueError:
        return BootFacts()
    if not isinstance(told, Mapping):
        return BootFacts()
    inner = told.get("chargingStation")
    station: Mapping[str, Any] = inner if isinstance(inner, Mapping) else told
    return BootFacts(str(told.get("reason") or "")[:50], str(station.get("firmwareVersion") or ""))
