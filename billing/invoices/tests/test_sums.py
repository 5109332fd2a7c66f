"""Tax on the sum, whole coins, and what credit notes may take back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.invoices.cash_rounding import payable
from billing.invoices.document_parts import TaxCategory
from billing.invoices.splits import IssuedLine, credit_all, credit_lines, credit_total
from billing.invoices.tax_sums import Amount, Sums, TaxKind, added, invoice_sums
from billing.problem import MoneyProblem

D = Decimal
few = settings(max_examples=60, deadline=None)
VAT25 = TaxKind("S", D(25))
VAT6 = TaxKind("S", D(6))
FINNISH = TaxKind("S", D("25.5"), "FI")
REVERSE = TaxKind("AE", D(0))
kinds = st.sampled_from([VAT25, VAT6, FINNISH, REVERSE])
amounts = st.lists(
    st.builds(Amount, st.decimals(-1000, 5000, places=4), kinds), min_size=1, max_size=12
)


def sums(net: str, tax: str) -> Sums:
    return Sums(D(net), D(tax), D(net) + D(tax))


def test_tax_is_computed_on_the_sum_and_rounded_half_up() -> None:
    found = invoice_sums([Amount(D("4467.75"), VAT25)], "SEK", with_tax=False)

    assert found.total == sums("4467.75", "1116.94")


def test_prices_with_tax_are_paid_as_shown() -> None:
    found = invoice_sums([Amount(D("33.33"), VAT25)] * 3, "SEK", with_tax=True)

    assert found.total == sums("79.99", "20.00")
    assert [one.net for one in found.lines] == [D("26.67"), D("26.66"), D("26.66")]
    assert [one.gross for one in found.lines] == [D("33.33")] * 3


def test_each_place_of_supply_has_its_own_rate() -> None:
    lines = [Amount(D(5), FINNISH), Amount(D(100), VAT25), Amount(D(7), REVERSE)]

    found = invoice_sums(lines, "EUR", with_tax=False)

    assert found.by_tax == {
        FINNISH: sums("5.00", "1.28"),
        VAT25: sums("100.00", "25.00"),
        REVERSE: sums("7.00", "0.00"),
    }
    assert found.total == sums("112.00", "26.28")


def test_yen_have_no_parts() -> None:
    tax = TaxKind("S", D(10), "JP")

    assert invoice_sums([Amount(D(505), tax)], "JPY", with_tax=False).total == sums("505", "51")


@few
@given(lines=amounts, with_tax=st.booleans())
def test_lines_rates_and_total_add_up(lines: list[Amount], with_tax: bool) -> None:
    found = invoice_sums(lines, "SEK", with_tax=with_tax)

    assert added(found.lines) == added(found.by_tax.values()) == found.total
    for kind, one in found.by_tax.items():
        exact = sum((line.exact for line in lines if line.tax == kind), D())
        assert abs((one.gross if with_tax else one.net) - exact) <= D("0.005")
        assert abs(one.tax - one.net * kind.rate / 100) <= D("0.0065")
    for line, one in zip(lines, found.lines, strict=True):
        assert abs((one.gross if with_tax else one.net) - line.exact) < D("0.03")


@few
@given(parts=st.lists(st.decimals(0, 1, places=4), min_size=1, max_size=9), with_tax=st.booleans())
def test_no_line_of_sales_has_negative_tax(parts: list[Decimal], with_tax: bool) -> None:
    found = invoice_sums([Amount(one, VAT25) for one in parts], "SEK", with_tax=with_tax)

    assert all(one.net >= 0 and one.tax >= 0 for one in found.lines)


@few
@given(lines=amounts, with_tax=st.booleans())
def test_a_mirrored_invoice_has_mirrored_totals(lines: list[Amount], with_tax: bool) -> None:
    mirrored = [Amount(-one.exact, one.tax) for one in lines]

    total = invoice_sums(lines, "SEK", with_tax=with_tax).total

    assert invoice_sums(mirrored, "SEK", with_tax=with_tax).total == Sums(
        -total.net, -total.tax, -total.gross
    )


@pytest.mark.parametrize(
    ("category", "rate", "wanted"),
    [("S", "0", "tax_category"), ("AE", "25", "tax_category"), ("S", "-6", "tax_rate")],
)
def test_rates_that_do_not_fit_are_refused(category: TaxCategory, rate: str, wanted: str) -> None:
    with pytest.raises(MoneyProblem) as refused:
        TaxKind(category, D(rate))

    assert refused.value.code == wanted


def test_what_is_no_money_is_refused() -> None:
    for lines, currency, wanted in (
        ([Amount(D(1), VAT25)], "SEKK", "unknown_currency"),
        ([Amount(D("NaN"), VAT25)], "SEK", "not_finite"),
    ):
        with pytest.raises(MoneyProblem) as refused:
            invoice_sums(lines, currency, with_tax=False)
        assert refused.value.code == wanted


@pytest.mark.parametrize(
    ("total", "currency", "rounding", "asked"),
    [
        ("1343.88", "SEK", "0.12", "1344.00"),
        ("1343.49", "SEK", "-0.49", "1343.00"),
        ("1343.50", "SEK", "0.50", "1344.00"),
        ("-1343.50", "SEK", "-0.50", "-1344.00"),
        ("10.74", "DKK", "-0.24", "10.50"),
        ("10.75", "DKK", "0.25", "11.00"),
        ("10.74", "EUR", "0.00", "10.74"),
    ],
)
def test_final_sums_become_whole_coins(
    total: str, currency: str, rounding: str, asked: str
) -> None:
    found = payable(D(total), currency)

    assert (found.rounding, found.payable) == (D(rounding), D(asked))


def test_cards_and_swish_pay_the_ore() -> None:
    assert payable(D("1343.49"), "SEK", applies=False).payable == D("1343.49")


LINES = (
    IssuedLine("energy", sums("79.99", "20.00")),
    IssuedLine("fee", sums("100.00", "6.00")),
)


def test_a_full_credit_mirrors_the_invoice_and_its_rounding() -> None:
    plan = credit_all(LINES, "SEK", rounding=D("0.01"))

    assert plan.lines == {one.key: one.sums for one in LINES}
    assert (plan.total, plan.rounding, plan.closes) == (sums("179.99", "26.00"), D("0.01"), True)


def test_a_second_credit_stops_at_what_remains() -> None:
    first = credit_lines(LINES, {"energy": D("33.33")}, "SEK", rounding=D("0.01"))
    later = (IssuedLine("energy", LINES[0].sums, D("33.33")), LINES[1])

    assert first.lines == {"energy": sums("26.66", "6.67")}
    assert (first.rounding, first.closes) == (D(0), False)
    with pytest.raises(MoneyProblem) as refused:
        credit_lines(later, {"energy": D("66.67")}, "SEK")
    assert (refused.value.code, refused.value.at) == ("credit_beyond", "energy")
    assert credit_all(later, "SEK").lines["energy"] == sums("53.33", "13.33")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({}, "credit_nothing"),
        ({"energy": D(0)}, "credit_amount"),
        ({"energy": D(-1)}, "credit_amount"),
        ({"energy": D("1.001")}, "credit_amount"),
        ({"other": D(1)}, "credit_line"),
    ],
)
def test_credits_that_make_no_sense_are_refused(wanted: dict[str, Decimal], code: str) -> None:
    with pytest.raises(MoneyProblem) as refused:
        credit_lines(LINES, wanted, "SEK")

    assert refused.value.code == code


@few
@given(
    lines=st.lists(st.decimals("0.01", 500, places=2), min_size=1, max_size=5),
    cuts=st.lists(st.integers(1, 99), max_size=4),
)
def test_any_sequence_of_credits_ends_at_exactly_nothing(
    lines: list[Decimal], cuts: list[int]
) -> None:
    issued = invoice_sums([Amount(one, VAT25) for one in lines], "SEK", with_tax=True)
    open_ = [IssuedLine(str(place), one) for place, one in enumerate(issued.lines)]
    taken = []
    for percent in cuts:
        rest = sum((one.remaining for one in open_), D())
        part = (rest * percent / 100).quantize(D("0.01"))
        if not 0 < part < rest:
            continue
        plan = credit_total(open_, part, "SEK")
        assert plan.total.gross == part
        taken.append(plan.total)
        open_ = [
            IssuedLine(one.key, one.sums, one.credited + plan.lines[one.key].gross)
            if one.key in plan.lines
            else one
            for one in open_
        ]

    last = credit_all(open_, "SEK")

    assert last.closes
    assert added([*taken, last.total]) == issued.total
