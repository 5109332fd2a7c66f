"""What a credit note takes back of the revenue of a session (pure).

A credit note says which part of the lines of an invoice it gives back. The same part of what the
session was billed with is taken back: of its energy by the lines of energy, of the rest by the
other lines. Parts are cumulative, so that notes that together close a line take back all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NOTHING: Final = Decimal(0)
EXACT: Final = Decimal("1e-4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Gross sums of some lines: of all that was billed, and what this note and those before it
    gave back."""

    billed: Decimal
    before: Decimal
    credited: Decimal

    def of(self, base: Decimal) -> Decimal:
        """The same part of another sum."""
        if not self.billed or not self.credited:
            return NOTHING
        until = _exact(base * (self.before + self.credited) / self.billed)
        return until - _exact(base * self.before / self.billed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """What a note gives back of the lines that bill a session, alone or with ``items`` others.

    ``energy_net`` and ``net``: what the session was billed with. ``other_net``: what the note
    gives back of other lines than energy, without VAT; it counts where those add up to nothing.
    ``is_adjustment``: one line bills all of what changed.
    """

    energy_net: Decimal
    net: Decimal
    energy: Part
    other: Part
    other_net: Decimal = NOTHING
    items: int = 1
    is_adjustment: bool = False


@dataclass(frozen=True, slots=True)
class Revenue:
    """Revenue without VAT, and what of it is for energy."""

    energy_net: Decimal
    net: Decimal


def taken_back(one: Credited) -> Revenue:
    """The revenue that a note takes back of a session, above zero."""
    if one.is_adjustment:
        whole = Part(
            billed=one.energy.billed + one.other.billed,
            before=one.energy.before + one.other.before,
            credited=one.energy.credited + one.other.credited,
        )
        return Revenue(whole.of(one.energy_net), whole.of(one.net))
    energy = one.energy.of(one.energy_net)
    if one.other.billed:
        other = one.other.of(one.net - one.energy_net)
    else:
        other = _exact(one.other_net / one.items)
    return Revenue(energy, energy + other)


def limited(taken: Revenue, counted: Revenue) -> Revenue:
    """What is taken back of what is still counted of the session: it never falls below nothing,
    so what a waiver or a lower price took back already is not taken twice."""
    return Revenue(
        min(taken.energy_net, max(counted.energy_net, NOTHING)),
        min(taken.net, max(counted.net, NOTHING)),
    )


def _exact(value: Decimal) -> Decimal:
    return value.quantize(EXACT, ROUND_HALF_UP)
