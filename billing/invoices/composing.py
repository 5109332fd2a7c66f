"""Pieces of what is billed, put together to lines, taxes and totals of an invoice (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from billing.invoices.cash_rounding import payable
from billing.invoices.document_parts import LineKind, Unit
from billing.invoices.tax_status import TaxStatus
from billing.invoices.tax_sums import Amount, InvoiceSums, Sums, TaxKind, invoice_sums
from billing.rating.rules.rounding import allocate
from core.money import minor_digits

_PRICE: Final = Decimal("1e-10")
_QUANTITY: Final = Decimal("1e-6")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of one billed item. Pieces of the same ``group`` and ``line`` make one line.

    ``amount`` is with or without tax, as the invoice has it; ``key`` names the item.
    """

    key: str
    group: str
    line: tuple[str, ...]
    title: str = ""
    description: str
    details: str = ""
    kind: LineKind
    quantity: Decimal
    unit: Unit
    amount: Decimal
    tax: TaxStatus
    site_id: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    cost_centre: str = ""
    registration_number: str = ""
    revenue_account: str = ""
    is_specified: bool = False


@dataclass(slots=True)
class _Heap:
    """Pieces of one line so far."""

    first: Piece
    amount: Decimal = Decimal(0)
    quantity: Decimal = Decimal(0)
    from_on: date | None = None
    until_on: date | None = None
    sites: set[int | None] = field(default_factory=set)

    def add(self, piece: Piece) -> None:
        self.amount += piece.amount
        self.quantity += piece.quantity
        self.sites.add(piece.site_id)
        for day in filter(None, (piece.from_on, piece.until_on)):
            self.from_on = day if self.from_on is None else min(self.from_on, day)
            self.until_on = day if self.until_on is None else max(self.until_on, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedLine:
    """A line with its rounded sums; ``unit_price`` is without tax."""

    piece: Piece
    quantity: Decimal
    unit: str
    unit_price: Decimal
    sums: Sums
    site_id: int | None
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class ComposedTax:
    """Sums of one kind of tax, and why there is none."""

    kind: TaxKind
    sums: Sums
    reason: str


@dataclass(frozen=True, slots=True)
class ComposedItem:
    """What one item adds to its lines: ``line`` is the place of the first line of its group."""

    key: str
    line: int
    net: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Composed:
    """An invoice before it has a number."""

    lines: tuple[ComposedLine, ...]
    taxes: tuple[ComposedTax, ...]
    items: tuple[ComposedItem, ...]
    total: Sums
    rounding: Decimal

    @property
    def payable(self) -> Decimal:
        """What is to be paid."""
        return self.total.gross + self.rounding


def compose(
    pieces: Sequence[Piece], currency: str, *, with_tax: bool, rounds_to_coins: bool = False
) -> Composed:
    """Lines in order of appearance, group by group; tax on the sum of each kind."""
    heaps: dict[tuple[str, TaxKind, tuple[str, ...]], _Heap] = {}
    for piece in sorted(pieces, key=_first_of(pieces)):
        where = (piece.group, piece.tax.kind, piece.line)
        heaps.setdefault(where, _Heap(piece)).add(piece)
    sums = invoice_sums(
        [Amount(heap.amount, heap.first.tax.kind) for heap in heaps.values()],
        currency,
        with_tax=with_tax,
    )
    lines = tuple(_line(heap, own) for heap, own in zip(heaps.values(), sums.lines, strict=True))
    rounded = payable(sums.total.gross, currency, applies=rounds_to_coins)
    return Composed(
        lines,
        _taxes(lines, sums),
        tuple(_items(pieces, lines, currency, with_tax=with_tax)),
        sums.total,
        rounded.rounding,
    )


def _first_of(pieces: Sequence[Piece]) -> Callable[[Piece], int]:
    """Groups stay together, in the order in which they first appear."""
    order: dict[str, int] = {}
    for piece in pieces:
        order.setdefault(piece.group, len(order))
    return lambda piece: order[piece.group]


def _line(heap: _Heap, sums: Sums) -> ComposedLine:
    quantity, unit = heap.quantity.quantize(_QUANTITY, ROUND_HALF_UP), str(heap.first.unit)
    # A price is never negative, and a sum without a quantity is counted once.
    if quantity == 0 or (sums.net != 0 and (quantity < 0) != (sums.net < 0)):
        quantity, unit = Decimal(-1 if sums.net < 0 else 1), "each"
    return ComposedLine(
        piece=heap.first,
        quantity=quantity,
        unit=unit,
        unit_price=(sums.net / quantity).quantize(_PRICE, ROUND_HALF_UP),
        sums=sums,
        site_id=heap.sites.pop() if len(heap.sites) == 1 else None,
        from_on=heap.from_on,
        until_on=heap.until_on,
    )


def _taxes(lines: Sequence[ComposedLine], sums: InvoiceSums) -> tuple[ComposedTax, ...]:
    reasons = {line.piece.tax.kind: line.piece.tax.reason for line in lines}
    return tuple(ComposedTax(kind, own, reasons[kind]) for kind, own in sums.by_tax.items())


def _items(
    pieces: Sequence[Piece], lines: Sequence[ComposedLine], currency: str, *, with_tax: bool
) -> list[ComposedItem]:
    """What each item adds: within a group the items add up to its lines."""
    digits = minor_digits(currency)
    amounts: dict[str, dict[str, tuple[Fraction, Fraction]]] = {}
    for piece in pieces:
        nothing = (Fraction(), Fraction())
        net, gross = amounts.setdefault(piece.group, {}).get(piece.key, nothing)
        more_net, more_gross = _both(piece, with_tax)
        amounts[piece.group][piece.key] = (net + more_net, gross + more_gross)
    places: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        places.setdefault(line.piece.group, []).append(place)
    found = []
    for group, parts in amounts.items():
        here = places[group]
        nets = _shared(
            [net for net, _g in parts.values()], [lines[n].sums.net for n in here], digits
        )
        grosses = _shared(
            [gross for _n, gross in parts.values()], [lines[n].sums.gross for n in here], digits
        )
        found += [
            ComposedItem(key, here[0], net, gross)
            for key, net, gross in zip(parts, nets, grosses, strict=True)
        ]
    return found


def _both(piece: Piece, with_tax: bool) -> tuple[Fraction, Fraction]:
    amount, share = Fraction(piece.amount), 1 + Fraction(piece.tax.kind.rate) / 100
    return (amount / share, amount) if with_tax else (amount, amount * share)


def _shared(parts: Sequence[Fraction], sums: Sequence[Decimal], digits: int) -> list[Decimal]:
    total = sum(sums, Decimal(0))
    if len(parts) == 1:
        return [total]
    units = allocate(int(total.scaleb(digits)), [part * 10**digits for part in parts])
    return [Decimal(one).scaleb(-digits) for one in units]
