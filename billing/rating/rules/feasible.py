"""Facts that cannot be rated, and facts that make a price doubtful (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from operator import le
from typing import Final

from billing.rating.compiled import CompiledTariff
from billing.rating.facts import Readings, SessionFacts
from billing.rating.findings import found
from billing.rating.moments import SECOND, moment, zone_of
from billing.rating.result import PriceFinding
from billing.rating.rules.curve import Curve
from billing.rating.rules.phases import Phase
from billing.rating.rules.slices import Slice

LONGEST: Final = timedelta(days=400)
YEARS: Final = (1990, 2200)
_SHORT_GAP: Final = 60 * SECOND
_UNKNOWN: Final = -1


class RatingError(ValueError):
    """Facts that contradict themselves. ``code`` is stable, ``at`` names the member."""

    def __init__(self, code: str, message: str, at: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.at = code, message, at


def check_facts(facts: SessionFacts) -> None:
    """Refuse what has no meaning. Raises RatingError."""
    start, end = facts.started_at, facts.ended_at
    if start.tzinfo is None or end.tzinfo is None:
        raise RatingError("naive_time", "Instants need a zone", "started_at")
    if not (YEARS[0] <= start.year and end.year <= YEARS[1]):
        raise RatingError("bad_time", f"Only years {YEARS[0]} to {YEARS[1]}", "started_at")
    if end < start:
        raise RatingError("ends_before_start", "The session ends before it starts", "ended_at")
    if end - start > LONGEST:
        raise RatingError("too_long", f"A session lasts at most {LONGEST.days} days", "ended_at")
    try:
        zone_of(facts.zone)
    except ValueError as error:
        raise RatingError("unknown_zone", str(error), "zone") from error
    _check_order(facts)


def _check_order(facts: SessionFacts) -> None:
    for first, second in pairwise(facts.intervals):
        if second.started_at < first.ended_at:
            raise RatingError("overlap", "Two intervals overlap or are not in order", "intervals")
        if second.kind == "reserved" and first.kind != "reserved":
            raise RatingError("late_reservation", "A reservation comes first", "intervals")
    times = Readings.of(facts.curve).at
    if not all(map(le, times, times[1:])):
        raise RatingError("unordered", "The readings are not in order of time", "curve")
    for low, high in pairwise(facts.spot_prices):
        if high.started_at < low.ended_at:
            raise RatingError("overlap", "Two spot prices overlap", "spot_prices")


def doubts(
    tariff: CompiledTariff,
    facts: SessionFacts,
    curve: Curve,
    phases: Sequence[Phase],
    now: datetime | None,
) -> list[PriceFinding]:
    """What makes the price of these facts doubtful or worth a word."""
    notes: list[PriceFinding] = []
    is_session = any(one.kind != "reserved" for one in phases)
    if tariff.prices_energy and is_session and facts.ended_at > facts.started_at:
        if not facts.curve:
            notes.append(found("no_readings"))
        elif facts.curve[-1].at <= facts.started_at:
            notes.append(found("one_reading"))
    unknown = sum(one.end - one.start for one in phases if one.kind is None)
    if tariff.prices_time and unknown > _SHORT_GAP:
        notes.append(found("time_unknown", seconds=plain(Fraction(unknown) / SECOND)))
    valid = tariff.tariff
    if (valid.start_at and facts.started_at < valid.start_at) or (
        valid.end_at and facts.started_at >= valid.end_at
    ):
        notes.append(found("tariff_not_in_force"))
    if now is not None and facts.ended_at > now + timedelta(minutes=1):
        notes.append(found("ends_in_future"))
    if curve.fell_wh:
        notes.append(found("energy_went_back", energy_wh=plain(Fraction(curve.fell_wh))))
    if facts.started_at == facts.ended_at:
        notes.append(found("zero_length"))
    return notes


def unknown_bands(tariff: CompiledTariff, slices: Sequence[Slice]) -> list[PriceFinding]:
    """Whether power or current was needed where it is not known."""
    live = [
        one
        for one in slices
        if not one.is_reserved and (one.energy > 0 or one.phase.kind == "charging")
    ]
    notes = []
    if tariff.power and any(one.cell[5] == _UNKNOWN for one in live):
        notes.append(found("power_unknown"))
    if tariff.current and any(one.cell[6] == _UNKNOWN for one in live):
        notes.append(found("current_unknown"))
    return notes


def missing_spot(slices: Sequence[Slice]) -> list[PriceFinding]:
    """One finding for all energy whose spot price is not known."""
    if not slices:
        return []
    energy = sum((Fraction(one.energy) for one in slices), Fraction(0))
    return [
        found(
            "spot_price_missing",
            energy_wh=plain(energy),
            **{
                "from": moment(slices[0].start).isoformat(),
                "to": moment(slices[-1].end).isoformat(),
            },
        )
    ]


def plain(value: Fraction) -> str:
    """A quantity for a sentence: at most three decimals."""
    text = f"{float(round(value, 3)):.3f}".rstrip("0").rstrip(".")
    return text or "0"
