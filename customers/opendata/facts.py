"""What is published of a place, as plain facts (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

VOLTS: Final = {"AC_1_PHASE": 230, "AC_3_PHASE": 230, "DC": 400}
"""The voltage that a current is worked out by, since stations tell their power alone."""
STATUSES: Final = {
    "available": "AVAILABLE",
    "charging": "CHARGING",
    "suspended_ev": "CHARGING",
    "suspended_evse": "CHARGING",
    "preparing": "BLOCKED",
    "occupied": "BLOCKED",
    "finishing": "BLOCKED",
    "reserved": "RESERVED",
    "unavailable": "INOPERATIVE",
    "faulted": "OUTOFORDER",
}


@dataclass(frozen=True, slots=True)
class Price:
    """One part of an ad hoc price: ENERGY per kWh, TIME and PARKING_TIME per hour, FLAT once."""

    kind: str
    amount: Decimal
    vat: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AdHoc:
    """The ad hoc price at an EVSE: its parts that always hold, and all of it in words."""

    id: str
    currency: str
    is_with_tax: bool
    prices: Sequence[Price]
    words: Mapping[str, str]
    document: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plug:
    """A connector."""

    number: int
    standard: str
    is_tethered: bool
    power_w: int


@dataclass(frozen=True, slots=True)
class Point:
    """An EVSE now. ``status`` in OCPI's words."""

    id: str
    evse_id: str
    current: str
    power_w: int
    status: str
    changed_at: datetime
    plugs: Sequence[Plug]
    payment_ways: Sequence[str] = ()
    restrictions: Sequence[str] = ()
    price: AdHoc | None = None


@dataclass(frozen=True, slots=True)
class Pole:
    """A station."""

    id: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Spot:
    """A public place."""

    id: str
    name: str
    address: str
    postal_code: str
    city: str
    country: str
    latitude: Decimal
    longitude: Decimal
    zone: str
    parking: str
    directions: str
    operator_phone: str
    owner: str
    is_renewable: str
    hours: Mapping[str, Any] | None
    poles: Sequence[Pole]
    created_at: datetime

    @property
    def changed_at(self) -> datetime:
        """The latest status there."""
        points = (point.changed_at for pole in self.poles for point in pole.points)
        return max(points, default=self.created_at)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes. ``national_id``: as the national access point has registered it."""

    country: str
    party: str
    name: str
    language: str
    national_id: str


def status_of(status: str, *, is_connected: bool, has_session: bool) -> str:
    """OCPI's word for the status of an EVSE; UNKNOWN for one that cannot be reached."""
    if not is_connected:
        return "UNKNOWN"
    found = STATUSES.get(status, "UNKNOWN")
    return "CHARGING" if found == "BLOCKED" and has_session else found


def amperes(power_w: int, current: str) -> int:
    """The current that makes the power at the voltage assumed."""
    phases = 3 if current == "AC_3_PHASE" else 1
    return max(round(power_w / (VOLTS.get(current, 230) * phases)), 1)


def moment(at: datetime) -> str:
    """Seconds of UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
