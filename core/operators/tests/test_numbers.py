"""Numbers of companies and accounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.operators import numbers


@pytest.mark.parametrize(
    ("country", "given_text", "written"),
    [
        ("SE", "5560125790", "556012-5790"),
        ("SE", " 556012-5790 ", "556012-5790"),
        ("NO", "988077917", "988 077 917"),
        ("DK", "13585628", "13585628"),
        ("FI", "2077474-0", "2077474-0"),
        ("DE", "HRB 12345", "HRB 12345"),
    ],
)
def test_organisation_numbers(country: str, given_text: str, written: str) -> None:
    assert numbers.organisation_number(country, given_text) == written


@pytest.mark.parametrize(
    ("country", "given_text", "written"),
    [
        ("SE", "SE 5560125790 01", "SE556012579001"),
        ("SE", "556012579001", "SE556012579001"),
        ("NO", "988077917 MVA", "NO 988 077 917 MVA"),
        ("DE", "DE136695976", "DE136695976"),
    ],
)
def test_vat_numbers(country: str, given_text: str, written: str) -> None:
    assert numbers.vat_number(country, given_text) == written


def test_accounts() -> None:
    assert numbers.bankgiro("50501055") == "5050-1055"
    assert numbers.bankgiro("991-2346") == "991-2346"
    assert numbers.iban("se4550000000058398257466") == "SE45 5000 0000 0583 9825 7466"
    assert numbers.bic("essesess") == "ESSESESS"


@pytest.mark.parametrize(
    "call",
    [
        lambda: numbers.organisation_number("SE", "556012-5791"),
        lambda: numbers.organisation_number("DE", "<b>"),
        lambda: numbers.vat_number("SE", "SE556012579002"),
        lambda: numbers.vat_number("NO", "123"),
        lambda: numbers.bankgiro("5050-1056"),
        lambda: numbers.bankgiro("123"),
        lambda: numbers.iban("SE4550000000058398257467"),
        lambda: numbers.bic("X"),
    ],
)
def test_wrong_numbers_are_refused(call: Callable[[], str]) -> None:
    with pytest.raises(numbers.WrongNumber):
        call()


@given(st.sampled_from(["SE", "NO", "GB", "FI", "XX", ""]), st.text(max_size=30))
def test_any_text_is_taken_or_refused(country: str, text: str) -> None:
    calls: list[Callable[[], str]] = [
        partial(numbers.organisation_number, country, text),
        partial(numbers.vat_number, country, text),
        partial(numbers.iban, text),
        partial(numbers.bic, text),
        partial(numbers.bankgiro, text),
    ]
    for call in calls:
        try:
            assert call()
        except numbers.WrongNumber:
            continue
