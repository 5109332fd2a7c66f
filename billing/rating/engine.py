"""The price of a session (pure): ``rate(tariff, facts)``. One rule per file in ``rules/``.

The semantics are OCPI 2.2.1/2.3.0 with our own terms beside it; docs/tariffs.md has them in words.
Everything is exact until ``rules/rounding.py`` rounds once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final

from billing.rating.compiled import Candidate, Choice, CompiledTariff, compile_tariff
from billing.rating.facts import SessionFacts
from billing.rating.findings import found
from billing.rating.moments import SECOND, micros, moment
from billing.rating.result import PriceFinding, PricePeriod, RatingResult, Status
from billing.rating.rules.amounts import Draft, Taxes, draft_of
from billing.rating.rules.curve import Curve
from billing.rating.rules.feasible import (
    RatingError,
    check_facts,
    doubts,
    missing_spot,
    unknown_bands,
)
from billing.rating.rules.limits import cap_idle, hold_limits, total
from billing.rating.rules.minimum import is_too_small
from billing.rating.rules.phases import Phase, find_phases
from billing.rating.rules.quantities import Quantities, gather
from billing.rating.rules.rounding import round_lines
from billing.rating.rules.slices import Slice, Slicer, Span
from billing.rating.rules.step import apply_steps
from billing.tariffs.model import ComponentType, Tariff

__all__ = ["ENGINE_VERSION", "RatingError", "compile_tariff", "rate"]

ENGINE_VERSION: Final = "1"
"""Raised whenever the same facts and tariff may give another price than before."""


def rate(
    tariff: Tariff | CompiledTariff, facts: SessionFacts, now: datetime | None = None
) -> RatingResult:
    """The price of one session by one tariff, whatever that tariff's own period says.

    A compiled tariff saves time for many sessions. With ``now`` a session of the future is
    doubtful. Raises RatingError for facts that contradict themselves.
    """
    compiled = compile_tariff(tariff) if isinstance(tariff, Tariff) else tariff
    check_facts(facts)
    start, end = micros(facts.started_at), micros(facts.ended_at)
    phases = find_phases(facts.intervals, start, end)
    span = Span(start, _begin(phases, facts), end)
    curve = Curve(facts.curve, start, end)
    slices = Slicer(compiled, facts, span, phases, curve).cut()
    quantities = gather(compiled, facts, slices)
    notes = [
        *doubts(compiled, facts, curve, phases, now),
        *unknown_bands(compiled, slices),
        *missing_spot(quantities.unpriced),
    ]
    has_session = not facts.reservation_expired or span.begin < span.end
    too_small = has_session and is_too_small(
        compiled.tariff.extras.minimum, curve.total, span.end - span.begin
    )
    if too_small:
        notes.append(found("below_minimum"))
        quantities = _only_reservation(quantities)
    drafts = _drafts(compiled, facts, quantities, span, is_held=has_session and not too_small)
    return _result(compiled, facts, curve, drafts, _periods(slices, quantities.choices), notes)


def _begin(phases: Sequence[Phase], facts: SessionFacts) -> int:
    """When the reservation ended and the session itself began."""
    reserved = [one.end for one in phases if one.kind == "reserved"]
    if facts.reservation_expired and not reserved:
        raise RatingError("no_reservation", "Nothing was reserved that expired", "intervals")
    return max(reserved) if reserved else phases[0].start


def _only_reservation(found_: Quantities) -> Quantities:
    kept = [one for one in found_.buckets if one.group.startswith("RESERVATION")]
    last = {group: one for group, one in found_.last.items() if group.startswith("RESERVATION")}
    return Quantities(kept, last, None, [], found_.choices)


def _drafts(
    compiled: CompiledTariff,
    facts: SessionFacts,
    quantities: Quantities,
    span: Span,
    *,
    is_held: bool,
) -> list[Draft]:
    """Exact lines: prices in steps, then the idle cap, then the limits of the whole session."""
    tariff = compiled.tariff
    apply_steps(quantities)
    taxes = Taxes(tariff.tax_included, facts.vat_changes, facts.zone, span.end)
    spot_vat = tariff.extras.spot.vat if tariff.extras.spot is not None else None
    drafts = [draft_of(one, taxes, spot_vat) for one in quantities.buckets]
    drafts += cap_idle(drafts, tariff.extras.idle.cap, taxes)
    if is_held:
        rates = {taxes.rate(one) for one in compiled.rates}
        only = rates.pop() if len(rates) == 1 else None
        drafts += hold_limits(tariff, drafts, (span.begin, span.end), only)
    return drafts


def _periods(slices: Sequence[Slice], choices: Sequence[Choice]) -> tuple[PricePeriod, ...]:
    """Neighbouring slices in which the same prices count are one period."""
    periods: list[PricePeriod] = []
    group: list[Slice] = []
    now: tuple[object, ...] = ()
    prices: Choice | None = None
    for piece, choice in zip(slices, choices, strict=True):
        key = (
            piece.phase.kind,
            id(choice.energy),
            id(choice.time),
            id(choice.parking),
            piece.is_idle_free,
            piece.spot if choice.energy is None else None,
        )
        if group and key != now and prices is not None:
            periods.append(_period(group, prices))
            group = []
        group.append(piece)
        now, prices = key, choice
    if group and prices is not None:
        periods.append(_period(group, prices))
    return tuple(periods)


def _period(group: Sequence[Slice], choice: Choice) -> PricePeriod:
    first, last = group[0], group[-1]
    kind = first.phase.kind
    chosen: tuple[tuple[ComponentType, Candidate | None], ...] = (
        ("ENERGY", choice.energy if kind != "reserved" else None),
        ("TIME", choice.time if kind in ("charging", "reserved") else None),
        ("PARKING_TIME", choice.parking if kind == "idle" and not first.is_idle_free else None),
    )
    prices: list[tuple[ComponentType, int | None]] = [
        (name, one.element) for name, one in chosen if one is not None
    ]
    if choice.energy is None and first.spot is not None:
        prices.insert(0, ("ENERGY", None))
    return PricePeriod(
        started_at=moment(first.start),
        ended_at=moment(last.end),
        kind=kind,
        energy_wh=Fraction(sum(one.energy for one in group)),
        prices=tuple(prices),
        is_idle_free=first.is_idle_free,
        interpolated=first.interpolated or last.interpolated,
    )


def _result(
    compiled: CompiledTariff,
    facts: SessionFacts,
    curve: Curve,
    drafts: Sequence[Draft],
    periods: tuple[PricePeriod, ...],
    notes: list[PriceFinding],
) -> RatingResult:
    tariff = compiled.tariff
    with_tax = tariff.tax_included == "YES"
    exact = total(drafts)
    lines, tax_totals, (net, gross) = round_lines(drafts, exact, tariff.currency, with_tax=with_tax)
    guessed = sum(one.interpolated for one in lines)
    if guessed and len(periods) > 1:
        notes.append(found("price_interpolated", count=str(guessed)))
    return RatingResult(
        currency=tariff.currency,
        tax_included=with_tax,
        status=_status(tariff, notes),
        lines=lines,
        periods=periods,
        tax_totals=tax_totals,
        exact_net=exact[0],
        exact_gross=exact[1],
        net=net,
        tax=gross - net,
        gross=gross,
        energy_wh=Fraction(curve.total),
        exported_wh=Fraction(curve.fell_wh),
        duration_s=Fraction(curve.end - curve.start, SECOND),
        findings=tuple(notes),
    )


def _status(tariff: Tariff, notes: Sequence[PriceFinding]) -> Status:
    if any(one.is_doubtful for one in notes):
        return "held"
    return "awaiting_price" if tariff.extras.announced_afterwards else "rated"
