"""Minor units by the table: never a float, never a rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.payments.stripe.minor_units import MinorUnitProblem, from_minor, least, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("123.45", "SEK", 12_345), ("500", "JPY", 500), ("500", "ISK", 50_000),
        ("7", "UGX", 700), ("25", "MGA", 25), ("1.250", "KWD", 1_250), ("0.50", "EUR", 50),
    ],
)  # fmt: skip
def test_amounts_in_minor_units(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor
    assert from_minor(minor, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.005", "SEK"), ("1.5", "JPY"), ("10.50", "ISK"), ("1.255", "KWD"), ("-1", "SEK"),
     ("1", "XXX"), ("1", "LYD")],
)  # fmt: skip
def test_what_cannot_be_said_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(MinorUnitProblem):
        to_minor(Decimal(amount), currency)


def test_least_amounts() -> None:
    assert (least("SEK"), least("NZD"), least("XXX")) == (Decimal("3.00"), Decimal("1.00"), None)


@given(st.integers(0, 10**12), st.sampled_from(["SEK", "EUR", "JPY", "MGA"]))
def test_there_and_back(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor
