"""How one amount is shared between the lines that billed a session (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from billing.rating.rules.rounding import allocate
from core.money import minor_digits


def shared(amount: Decimal, remaining: Mapping[int, Decimal], currency: str) -> dict[int, Decimal]:
    """By position of line: all of them where all goes back, deductions too; else in proportion to
    what remains of those above nothing. ``amount`` is within the sum of ``remaining``."""
    if amount == sum(remaining.values(), Decimal(0)):
        return {place: rest for place, rest in remaining.items() if rest}
    digits = minor_digits(currency)
    places = [place for place, rest in remaining.items() if rest > 0]
    whole = [int(remaining[place].scaleb(digits)) for place in places]
    parts = [Fraction(one) * Fraction(amount.scaleb(digits)) / sum(whole) for one in whole]
    units = allocate(int(amount.scaleb(digits)), parts, ceilings=whole)
    return {
        place: Decimal(unit).scaleb(-digits)
        for place, unit in zip(places, units, strict=True)
        if unit
    }
