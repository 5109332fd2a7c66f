"""Modules 2, 3 and 4 of EV-ChART: their columns, and one port's quarter as rows (pure).

The intake takes one CSV per module with the names of the columns in its first line; a name that it
does not know is an error. ``station_id`` is the place (our site), ``charger_id`` the station,
``port_id`` the EVSE. Decimals have at most two places, minutes too; a port without sessions or
outages needs a row in which everything but its ids is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from core.periods import Period, Periods, clipped, difference, intersection
from stations.uptime.causes import CLOSED, EXCLUDABLE
from stations.uptime.day import CauseFact
from stations.uptime.figures import minutes, minutes_of
from stations.uptime.nevi import YEAR_MINUTES, NeviUptime

HEADERS: Final[dict[int, tuple[str, ...]]] = {
    2: (
        "station_id", "port_id", "network_provider", "charger_id", "session_id", "connector_id",
        "session_start", "session_end", "session_error", "error_other", "energy_kwh", "power_kw",
        "payment_method", "payment_other",
    ),
    3: (
        "station_id", "port_id", "network_provider", "uptime_reporting_start",
        "uptime_reporting_end", "uptime", "total_outage", "total_outage_excl",
    ),
    4: (
        "station_id", "port_id", "network_provider", "outage_id", "outage_duration",
        "excluded_outage", "excluded_outage_reason", "excluded_outage_notes",
    ),
}  # fmt: skip
REASONS: Final = {cause: str(place) for place, cause in enumerate(EXCLUDABLE, 1)}
"""The numbers 1 to 6 that the intake has for causes which exclude an outage."""
LEAST: Final = timedelta(milliseconds=600)
"""0.01 minutes, the shortest outage that the intake takes."""
MOST_ID: Final = 36
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PortIds:
    """How the intake knows a port; each at most 36 characters."""

    station_id: str
    port_id: str
    network_provider: str
    charger_id: str

    @property
    def first(self) -> tuple[str, str, str]:
        """The columns with which the rows of every module begin."""
        return self.station_id, self.port_id, self.network_provider


@dataclass(frozen=True, slots=True)
class Piece:
    """A time without a break in which a port was down; ``cause`` "" where nothing excludes it."""

    period: Period
    cause: str = ""

    @property
    def reason(self) -> str:
        """The intake's number of the cause."""
        return REASONS.get(self.cause, "")


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One ended session as module 2 has it. ``error`` "" for one that went well."""

    session_id: str
    connector: int | None
    started_at: datetime
    stopped_at: datetime
    energy_wh: Decimal
    peak_w: Decimal
    error: str
    payment: str


def pieces_of(down: Periods, causes: Sequence[CauseFact], closed: Periods) -> list[Piece]:
    """The time down, cut where its cause changes: as stated, the latest statement first, then
    outside the opening hours. Their lengths add up to ``down``, those with a cause to what is
    excluded of it."""
    left, found = down, []
    stated = [(one.cause, (one.period,)) for one in reversed(causes) if one.cause in EXCLUDABLE]
    for cause, periods in (*stated, (CLOSED, closed)):
        covered = intersection(left, periods)
        found += [Piece(one, cause) for one in covered]
        left = difference(left, covered)
    found += [Piece(one) for one in left]
    return sorted(found, key=lambda one: one.period)


def within(pieces: Iterable[Piece], window: Period) -> list[Piece]:
    """The parts of pieces that lie in a window and are long enough for the intake."""
    return [
        Piece(part, one.cause)
        for one in pieces
        for part in clipped((one.period,), window)
        if part.length >= LEAST
    ]


def uptime_of(pieces: Iterable[Piece], window: Period, service: timedelta) -> NeviUptime:
    """Twelve months of one port; ``service``: how long of them it was in service."""
    parts = [(one.cause, part) for one in pieces for part in clipped((one.period,), window)]
    down = tuple(part for _cause, part in parts)
    excluded = tuple(part for cause, part in parts if cause)
    served = min(YEAR_MINUTES, minutes_of(service))
    return NeviUptime(minutes(down), minutes(excluded), served, down, excluded)


def session_row(ids: PortIds, facts: SessionFacts | None) -> tuple[str, ...]:
    """Module 2; None: no session in the quarter."""
    if facts is None:
        return *ids.first, *[""] * 11
    end = max(facts.stopped_at, facts.started_at)
    return (
        *ids.first,
        ids.charger_id,
        facts.session_id,
        "" if facts.connector is None else str(facts.connector),
        moment(facts.started_at),
        moment(end),
        facts.error or "NONE",
        "",
        decimal(max(facts.energy_wh, Decimal(0)) / 1000),
        decimal(max(facts.peak_w, Decimal(0)) / 1000),
        facts.payment or "OTHER",
        "" if facts.payment else "not known",
    )


def uptime_row(ids: PortIds, window: Period, figures: NeviUptime) -> tuple[str, ...]:
    """Module 3. Without twelve months in service there is no figure: the rule has none."""
    percent = "" if figures.is_partial_year or figures.percent is None else cut(figures.percent)
    return (
        *ids.first,
        moment(window.start),
        moment(window.end),
        percent,
        decimal(figures.outage_minutes),
        decimal(figures.excluded_minutes),
    )


def outage_row(ids: PortIds, piece: Piece | None, notes: str = "") -> tuple[str, ...]:
    """Module 4; None: no outage in the quarter. An outage is named by its beginning."""
    if piece is None:
        return *ids.first, "", "", "", "", ""
    return (
        *ids.first,
        moment(piece.period.start),
        decimal(minutes((piece.period,))),
        "TRUE" if piece.cause else "FALSE",
        piece.reason,
        notes[:255] if piece.cause else "",
    )


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, as the intake's pattern has it."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="auto")
    return f"{text}Z"


def decimal(value: Decimal | Fraction) -> str:
    """Two places, rounded half up."""
    exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
    return f"{exact.quantize(_CENT, ROUND_HALF_UP):f}"


def cut(value: Fraction) -> str:
    """A percentage with two places, never rounded up to a limit that was not met."""
    exact = Decimal(value.numerator) / value.denominator
    return f"{exact.quantize(_CENT, ROUND_DOWN):f}"
