"""Rounding of what is asked for to whole coins, such as the Swedish öresavrundning (pure).

Swedish law (1970:1029), section 2: 1 to 49 öre fall away, 50 to 99 become a krona, on the final
sum; the tax stays as it is. Only where a whole amount is asked for: cards and Swish pay the öre.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from billing.problem import MoneyProblem
from core.money import is_currency, round_money

SMALLEST_COIN: Final[Mapping[str, Decimal]] = {
    "SEK": Decimal(1),
    "NOK": Decimal(1),
    "DKK": Decimal("0.50"),
}
"""What final sums are rounded to; other currencies are asked for as they are."""


@dataclass(frozen=True, slots=True)
class Payable:
    """What is asked for: the exact sum, the difference that rounding makes, and both together."""

    exact: Decimal
    rounding: Decimal
    payable: Decimal


def payable(
    total: Decimal,
    currency: str,
    *,
    applies: bool = True,
    coins: Mapping[str, Decimal] = SMALLEST_COIN,
) -> Payable:
    """``total`` in whole coins, half up (a credit mirrors an invoice); unchanged where rounding
    does not apply or the currency has no such coin."""
    if not total.is_finite():
        raise MoneyProblem("not_finite", "The sum is no number")
    if not is_currency(currency):
        raise MoneyProblem("unknown_currency", f"{currency} is no currency")
    coin = coins.get(currency)
    if not applies or coin is None:
        return Payable(total, total * 0, total)
    coins_due = (total / coin).quantize(Decimal(1), ROUND_HALF_UP)
    whole = round_money(coins_due * coin, currency)
    return Payable(total, whole - total, whole)
