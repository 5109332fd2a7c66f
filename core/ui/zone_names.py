"""The names of time zones, read from the disk once: there are six hundred files of them."""

from __future__ import annotations

import zoneinfo
from functools import cache


@cache
def zone_names() -> frozenset[str]:
    """Every IANA zone that this installation knows."""
    return frozenset(zoneinfo.available_timezones())
