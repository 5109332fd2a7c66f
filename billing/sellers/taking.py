"""Taking the next numbers of a series, inside the transaction that uses them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from billing.problem import MoneyProblem
from billing.sellers.models import InvoiceSeries, Purpose, Seller
from billing.sellers.numbering import NumberFormat
from core.errors import RuleViolation

# One statement makes the counter or moves it, and holds its row until the transaction ends: a
# number is seen by nobody else before, and comes back when the transaction is rolled back.
_TAKE = """
INSERT INTO billing_seriescounter (operator_id, series_id, year, last_number)
VALUES (%s, %s, %s, %s)
ON CONFLICT (series_id, year)
DO UPDATE SET last_number = billing_seriescounter.last_number + EXCLUDED.last_number
RETURNING last_number
"""


@dataclass(frozen=True, slots=True)
class TakenNumber:
    """A number as written, its place in the series, and the year where numbers start again."""

    text: str
    number: int
    year: int | None


def take_number(series: InvoiceSeries, issued_on: date) -> TakenNumber:
    """The next number of the series; refuses outside a transaction."""
    return take_numbers(series, issued_on, 1)[0]


def take_numbers(series: InvoiceSeries, issued_on: date, count: int) -> list[TakenNumber]:
    """The next ``count`` numbers of the series, in order and without a gap.

    All who take numbers of the series wait until the caller's transaction ends. Refuses outside
    a transaction, and a number that the pattern cannot write.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Numbers are taken inside the transaction that uses them.")
    if count < 1:
        return []
    pattern = NumberFormat(series.pattern)
    year = pattern.counter(series.code, issued_on).year
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [series.operator_id, series.pk, year, count])
        last = int(cursor.fetchone()[0])
    try:
        return [
            TakenNumber(pattern.written(series.code, issued_on, number), number, year)
            for number in range(last - count + 1, last + 1)
        ]
    except MoneyProblem as error:
        raise RuleViolation(error.code, error.message) from error


def active_series(seller: Seller, purpose: Purpose) -> InvoiceSeries:
    """The series that numbers documents of this kind; refuses when the seller has none."""
    found: InvoiceSeries | None = InvoiceSeries.objects.filter(
        seller=seller, purpose=purpose, is_active=True
    ).first()
    if found is None:
        raise RuleViolation(
            "no_series",
            _("%(seller)s has no active number series for this kind of document.")
            % {"seller": seller.name},
        )
    return found
