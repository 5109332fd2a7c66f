"""Proration: by the day of the calendar month, and parts always sum to the whole."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.accounts.proration import FeeTerms, parts

D = date


def terms(amount: str, starts: date, ends: date | None = None, monthly: bool = True) -> FeeTerms:
    return FeeTerms(Decimal(amount), monthly, starts, ends)


@pytest.mark.parametrize(
    ("fee", "span", "expected"),
    [
        # Ten of thirty days, and a whole month after them.
        (
            terms("300", D(2026, 4, 21)),
            (D(2026, 4, 1), D(2026, 5, 31)),
            [(10, 30, "100.00"), (31, 31, "300.00")],
        ),
        # February in a leap year, ended on its tenth day.
        (
            terms("290", D(2024, 1, 1), D(2024, 2, 10)),
            (D(2024, 2, 1), D(2024, 2, 29)),
            [(10, 29, "100.00")],
        ),
        # One day; a month that divides into no whole öre, half up.
        (terms("99", D(2026, 1, 1)), (D(2026, 1, 31), D(2026, 1, 31)), [(1, 31, "3.19")]),
        # Nothing before the start, nothing after the end.
        (terms("10", D(2026, 3, 1)), (D(2026, 2, 1), D(2026, 2, 28)), []),
        (terms("10", D(2026, 3, 1), D(2026, 3, 1)), (D(2026, 3, 2), D(2026, 3, 31)), []),
        # Once, on its day; days 0 mark it.
        (
            terms("495", D(2026, 3, 15), monthly=False),
            (D(2026, 3, 1), D(2026, 3, 31)),
            [(0, 31, "495.00")],
        ),
        (terms("495", D(2026, 3, 15), monthly=False), (D(2026, 4, 1), D(2026, 4, 30)), []),
    ],
)
def test_what_falls_due(
    fee: FeeTerms, span: tuple[date, date], expected: list[tuple[int, int, str]]
) -> None:
    found = parts(fee, *span)

    assert [(p.days, p.days_in_month, str(p.amount)) for p in found] == expected


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        parts(terms("1", D(2026, 1, 1)), D(2026, 2, 1), D(2026, 1, 31))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    amount=st.decimals("0", "99999.99", places=2),
    start=st.dates(D(2020, 1, 1), D(2030, 1, 1)),
    days=st.integers(0, 400),
    cut=st.integers(0, 400),
)
def test_a_span_that_is_cut_costs_the_same(
    amount: Decimal, start: date, days: int, cut: int
) -> None:
    fee = FeeTerms(amount, True, start)
    last = start + timedelta(days=days)
    middle = start + timedelta(days=min(cut, days))
    whole = sum(p.amount for p in parts(fee, start, last))

    first = sum(p.amount for p in parts(fee, start, middle))
    rest = (
        sum(p.amount for p in parts(fee, middle + timedelta(days=1), last)) if middle < last else 0
    )

    assert first + rest == whole
    assert all(p.amount >= 0 for p in parts(fee, start, last))
