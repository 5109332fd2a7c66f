"""Instants as whole microseconds, so that time is counted exactly and fast (pure)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Number = int | Fraction
"""An exact quantity: whole where it can be."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICRO: Final = timedelta(microseconds=1)
SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - EPOCH) // MICRO


def moment(at: Number) -> datetime:
    """The instant of so many microseconds; a part of one is left out."""
    return EPOCH + timedelta(microseconds=int(at))


@lru_cache(maxsize=512)
def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises ValueError for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone") from error
