"""How much of what each price counts for: slices gathered by price (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from billing.rating.compiled import Candidate, Choice, CompiledTariff
from billing.rating.facts import SessionFacts
from billing.rating.moments import Number
from billing.rating.rules.slices import Slice

Group = Literal["ENERGY", "TIME", "PARKING_TIME", "FLAT", "RESERVATION", "RESERVATION_FLAT"]


@dataclass(slots=True, eq=False)
class Bucket:
    """One price with its quantity: Wh, microseconds, or 1. ``spot`` is a price per kWh."""

    group: Group
    candidate: Candidate | None
    spot: Decimal | None
    start: Number
    end: Number
    quantity: Number = 0
    extra: Number = 0
    interpolated: bool = False


@dataclass(slots=True)
class Quantities:
    """Buckets in order of first use, and what could not be priced.

    ``last`` is the bucket used last of each group, ``last_time`` that of all time of a session.
    """

    buckets: list[Bucket] = field(default_factory=list)
    last: dict[Group, Bucket] = field(default_factory=dict)
    last_time: Bucket | None = None
    unpriced: list[Slice] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


class _Add(Protocol):
    """Adds a quantity to the bucket of a price."""

    def __call__(
        self, group: Group, piece: Slice, price: Candidate | Decimal, quantity: Number, /
    ) -> None: ...


def gather(tariff: CompiledTariff, facts: SessionFacts, slices: Sequence[Slice]) -> Quantities:
    """The quantities of a session; each FLAT once, where one first counts."""
    found = Quantities()
    open_buckets: dict[tuple[Group, int | Decimal | None], Bucket] = {}
    reserved = "expired" if facts.reservation_expired else "reserved"
    has_spot = tariff.tariff.extras.spot is not None
    flat_done: set[Group] = set()

    def add(group: Group, piece: Slice, price: Candidate | Decimal, quantity: Number) -> None:
        candidate = None if isinstance(price, Decimal) else price
        spot = price if isinstance(price, Decimal) else None
        key = (group, spot if candidate is None else candidate.element)
        bucket = open_buckets.get(key)
        if bucket is None:
            bucket = Bucket(group, candidate, spot, piece.start, piece.end)
            open_buckets[key] = bucket
            found.buckets.append(bucket)
        bucket.quantity += quantity
        bucket.end = piece.end
        bucket.interpolated = bucket.interpolated or (group == "ENERGY" and piece.interpolated)
        found.last[group] = bucket
        if group in ("TIME", "PARKING_TIME"):
            found.last_time = bucket

    for piece in slices:
        choice = tariff.choose(reserved if piece.is_reserved else "session", piece.cell)
        found.choices.append(choice)
        flat_group: Group = "RESERVATION_FLAT" if piece.is_reserved else "FLAT"
        if choice.flat is not None and flat_group not in flat_done:
            flat_done.add(flat_group)
            add(flat_group, piece, choice.flat, 1)
        _add_energy(piece, choice, facts, has_spot, add, found)
        _add_time(piece, choice, add)
    return found


def _add_energy(
    piece: Slice, choice: Choice, facts: SessionFacts, has_spot: bool, add: _Add, found: Quantities
) -> None:
    if piece.energy <= 0 or piece.is_reserved:
        return
    if choice.energy is not None:
        add("ENERGY", piece, choice.energy, piece.energy)
    elif has_spot:
        price = None if piece.spot is None else facts.spot_prices[piece.spot].price
        if price is None:
            found.unpriced.append(piece)
        else:
            add("ENERGY", piece, price, piece.energy)


def _add_time(piece: Slice, choice: Choice, add: _Add) -> None:
    lasted = piece.end - piece.start
    if lasted <= 0:
        return
    kind = piece.phase.kind
    if kind == "reserved" and choice.time is not None:
        add("RESERVATION", piece, choice.time, lasted)
    elif kind == "charging" and choice.time is not None:
        add("TIME", piece, choice.time, lasted)
    elif kind == "idle" and choice.parking is not None and not piece.is_idle_free:
        add("PARKING_TIME", piece, choice.parking, lasted)
