"""What a credit note takes back, line by line, and never more than remains (pure).

An amount is gross. The tax it takes back is the rounded tax of all that is credited so far less the
tax of what was credited before: so the last credit note closes a line to zero, however many came
before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing.invoices.tax_sums import Sums, added
from billing.problem import MoneyProblem
from billing.rating.rules.rounding import allocate, round_half_up
from core.money import minor_digits


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """A line of an issued invoice, and what earlier credit notes took back of it (gross)."""

    key: str
    sums: Sums
    credited: Decimal = Decimal(0)

    @property
    def remaining(self) -> Decimal:
        """The gross amount that can still be credited."""
        return self.sums.gross - self.credited


@dataclass(frozen=True, slots=True)
class CreditPlan:
    """What the credit note takes back by line, with the signs of the invoice.

    ``closes``: nothing remains of the invoice after it, so its rounding goes back too.
    """

    lines: Mapping[str, Sums]
    total: Sums
    rounding: Decimal
    closes: bool


def credit_all(
    lines: Sequence[IssuedLine], currency: str, *, rounding: Decimal = Decimal(0)
) -> CreditPlan:
    """All that remains of every line."""
    return credit_lines(
        lines,
        {one.key: one.remaining for one in lines if one.remaining},
        currency,
        rounding=rounding,
    )


def credit_total(
    lines: Sequence[IssuedLine],
    gross: Decimal,
    currency: str,
    *,
    rounding: Decimal = Decimal(0),
) -> CreditPlan:
    """One amount, shared between the lines by what remains of them."""
    rest = sum((one.remaining for one in lines), Decimal())
    _check(gross, rest, currency, "")
    scale = 10 ** minor_digits(currency)
    whole = [int(one.remaining * scale) for one in lines]
    if any(one < 0 for one in whole):
        raise MoneyProblem("credit_by_line", "An invoice with deductions is credited by line")
    parts = [Fraction(one) * Fraction(gross) / Fraction(rest) for one in whole]
    units = allocate(int(gross * scale), parts, ceilings=whole)
    wanted = {
        one.key: Decimal(unit).scaleb(-minor_digits(currency))
        for one, unit in zip(lines, units, strict=True)
        if unit
    }
    return credit_lines(lines, wanted, currency, rounding=rounding)


def credit_lines(
    lines: Sequence[IssuedLine],
    wanted: Mapping[str, Decimal],
    currency: str,
    *,
    rounding: Decimal = Decimal(0),
) -> CreditPlan:
    """Amounts by key of line. Refuses unknown lines, nothing at all, and more than remains."""
    by_key = {one.key: one for one in lines}
    unknown = sorted(set(wanted) - set(by_key))
    if unknown:
        raise MoneyProblem("credit_line", "The invoice has no such line", unknown[0])
    if not wanted:
        raise MoneyProblem("credit_nothing", "Nothing is left to credit")
    for key, gross in wanted.items():
        _check(gross, by_key[key].remaining, currency, key)
    taken = {key: _taken(by_key[key], gross, currency) for key, gross in wanted.items()}
    closes = all(one.remaining == wanted.get(one.key, Decimal(0)) for one in lines)
    return CreditPlan(taken, added(taken.values()), rounding if closes else Decimal(0), closes)


def _taken(line: IssuedLine, gross: Decimal, currency: str) -> Sums:
    tax = _tax(line, line.credited + gross, currency) - _tax(line, line.credited, currency)
    return Sums(gross - tax, tax, gross)


def _tax(line: IssuedLine, gross: Decimal, currency: str) -> Decimal:
    """The tax in so much of the line."""
    digits = minor_digits(currency)
    exact = Fraction(line.sums.tax) * Fraction(gross) / Fraction(line.sums.gross)
    return Decimal(round_half_up(exact * 10**digits)).scaleb(-digits)


def _check(gross: Decimal, remaining: Decimal, currency: str, at: str) -> None:
    """Same sign as what remains, whole smallest units, and not beyond it."""
    if not gross.is_finite() or gross != round(gross, minor_digits(currency)):
        raise MoneyProblem("credit_amount", "The amount is not in whole smallest units", at)
    if gross == 0 or (remaining != 0 and (gross < 0) != (remaining < 0)):
        raise MoneyProblem("credit_amount", "The amount must be above nothing", at)
    if abs(gross) > abs(remaining):
        raise MoneyProblem("credit_beyond", f"At most {remaining} remains", at)
