"""What rating needs to know of a session (pure, frozen). It takes no other input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, overload

IntervalKind = Literal["charging", "idle", "suspended", "reserved"]
"""``idle``: the vehicle asks for no power; ``suspended``: the station gives none."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The register at an instant, counted from the session's start.

    ``interpolated``: worked out, not read from the meter.
    """

    at: datetime
    energy_wh: Decimal
    interpolated: bool = False


class Readings(Sequence[CurvePoint]):
    """A curve in columns: a session of many readings is rated without an object for each."""

    __slots__ = ("at", "energy_wh", "interpolated")

    def __init__(
        self, at: list[datetime], energy_wh: list[Decimal], interpolated: list[bool]
    ) -> None:
        self.at, self.energy_wh, self.interpolated = at, energy_wh, interpolated

    @overload
    def __getitem__(self, index: int) -> CurvePoint: ...
    @overload
    def __getitem__(self, index: slice) -> Readings: ...
    def __getitem__(self, index: int | slice) -> CurvePoint | Readings:
        if isinstance(index, slice):
            return Readings(self.at[index], self.energy_wh[index], self.interpolated[index])
        return CurvePoint(self.at[index], self.energy_wh[index], self.interpolated[index])

    def __len__(self) -> int:
        return len(self.at)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Readings.of({tuple(self)!r})"

    @classmethod
    def of(cls, points: Sequence[CurvePoint]) -> Readings:
        """The points in columns."""
        if isinstance(points, Readings):
            return points
        return cls(
            [one.at for one in points],
            [one.energy_wh for one in points],
            [one.interpolated for one in points],
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch of a session and what happened in it.

    ``power_w`` and ``current_a`` (sum over phases) as measured, where they are known; else power
    follows from the curve.
    """

    kind: IntervalKind
    started_at: datetime
    ended_at: datetime
    power_w: Decimal | None = None
    current_a: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SpotPrice:
    """The full price per kWh without VAT of a half-open interval; None: not known."""

    started_at: datetime
    ended_at: datetime
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class VatChange:
    """A rate that became another one on a local date: 25 became 24 on 2027-01-01."""

    old: Decimal
    new: Decimal
    from_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """A session as it is rated. Instants are aware; ``zone`` is the site's (IANA).

    ``curve`` is in order of time, ``intervals`` too, without overlaps; a reservation comes first
    and ``started_at`` is its beginning. ``evse_max_power_w`` decides about free idle hours.
    ``idle_free_until``: the driver was told too late, so no idle fee before this.
    ``idle_told``: while the vehicle stood idle at the first instant, the driver was told that the
    fee begins at the second; in that stretch it begins no earlier.
    ``vat_changes`` are those of the charge point's country; the end of the session decides.
    """

    started_at: datetime
    ended_at: datetime
    zone: str
    curve: Sequence[CurvePoint] = ()
    intervals: tuple[Interval, ...] = ()
    spot_prices: tuple[SpotPrice, ...] = ()
    reservation_expired: bool = False
    evse_max_power_w: Decimal | None = None
    idle_free_until: datetime | None = None
    idle_told: tuple[tuple[datetime, datetime], ...] = ()
    vat_changes: tuple[VatChange, ...] = ()
