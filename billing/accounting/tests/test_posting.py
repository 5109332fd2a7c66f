"""Every event is a balanced entry; what cannot be one is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.accounting import posting as post
from billing.accounting.bas import bas_chart
from billing.accounting.chart import RevenueRule, TaxRule, Use
from billing.accounting.entries import Entry, EntryKind, Posting, balances, entry
from billing.accounting.vat import VatRow, vat_report
from billing.invoices.cash_rounding import payable
from billing.invoices.tax_sums import Amount, TaxKind, invoice_sums
from billing.problem import MoneyProblem

D = Decimal
CHART = bas_chart()
VAT25 = TaxKind("S", D(25))
REVERSE = TaxKind("AE", D(0))
FINNISH = TaxKind("S", D("25.5"), "FI")
DAY = date(2026, 10, 31)
few = settings(max_examples=40, deadline=None)


def booking(document: str = "F2026-1", on: date = DAY, currency: str = "SEK") -> post.Booking:
    return post.Booking(on, document, currency)


def sale(net: str, tax: str, rounding: str = "0", site: str = "") -> post.Sale:
    return post.Sale((post.Revenue("energy", VAT25, D(net), site),), {VAT25: D(tax)}, D(rounding))


def amounts(found: Entry) -> dict[str, Decimal]:
    return {one.account: one.amount for one in found.postings}


def test_an_invoice_as_ledgers_show_it() -> None:
    chart = bas_chart(
        names={"3051": "Laddning"},
        revenue=(RevenueRule(account="3051", category="S", rate=D(25), country="SE"),),
    )

    found = post.invoice_issued(chart, booking(), sale("6400", "1600"))

    assert amounts(found) == {"1510": D(8000), "2611": D(-1600), "3051": D(-6400)}


@pytest.mark.parametrize(
    ("exact", "rounding"), [("1343.88", "0.12"), ("1343.49", "-0.49"), ("1343.50", "0.50")]
)
def test_rounding_to_whole_kronor_is_booked_apart(exact: str, rounding: str) -> None:
    sums = invoice_sums([Amount(D(exact), VAT25)], "SEK", with_tax=True).total
    asked = payable(sums.gross, "SEK")
    facts = sale(str(sums.net), str(sums.tax), str(asked.rounding))

    found = amounts(post.invoice_issued(CHART, booking(), facts))

    assert found["3740"] == -D(rounding)
    assert found["1510"] == asked.payable
    assert found["2611"] == -sums.tax


def test_a_credit_note_mirrors_its_invoice() -> None:
    facts = sale("79.99", "20.00", "0.01", site="LUND")

    invoice = post.invoice_issued(CHART, booking(), facts)
    credit = post.credit_note_issued(CHART, booking("K2026-1"), facts)

    assert [replace(one, amount=-one.amount) for one in credit.postings] == list(invoice.postings)
    assert invoice.postings[1].dimensions == ((1, "LUND"),)
    assert not any(balances([invoice, credit]).values())


EVENTS: list[tuple[Any, dict[str, Any], EntryKind, dict[str, str]]] = [
    (post.payment, {"received": D(100), "owed": D(100)}, EntryKind.PAYMENT,
     {"1930": "100", "1510": "-100"}),
    (post.payment, {"received": D(60), "owed": D(100), "source": Use.SWISH_CLEARING},
     EntryKind.PAYMENT, {"1581": "60", "1510": "-60"}),
    (post.payment, {"received": D(130), "owed": D(100)}, EntryKind.PAYMENT,
     {"1930": "130", "1510": "-100", "2420": "-30"}),
    (post.payment, {"received": D(50), "owed": D(0)}, EntryKind.PAYMENT,
     {"1930": "50", "2420": "-50"}),
    (post.payment, {"received": D(70), "owed": D(70), "source": Use.UNIDENTIFIED},
     EntryKind.PAYMENT, {"2999": "70", "1510": "-70"}),
    (post.unidentified_payment, {"amount": D(70)}, EntryKind.PAYMENT,
     {"1930": "70", "2999": "-70"}),
    (post.credit_used, {"amount": D(30)}, EntryKind.CREDIT_USED, {"2420": "30", "1510": "-30"}),
    (post.credit_kept, {"amount": D(30)}, EntryKind.CREDIT_USED, {"1510": "30", "2420": "-30"}),
    (post.refund, {"amount": D(30)}, EntryKind.REFUND, {"2420": "30", "1930": "-30"}),
    (post.provider_payout, {"gross": D(1000), "fee": D("14.50"), "source": Use.CARD_CLEARING},
     EntryKind.PAYOUT, {"1930": "985.50", "6570": "14.50", "1580": "-1000"}),
    (post.provider_fee, {"fee": D(45)}, EntryKind.FEE, {"6570": "45", "1930": "-45"}),
    (post.reminder_fee, {"amount": D(60)}, EntryKind.REMINDER_FEE,
     {"1510": "60", "3540": "-60"}),
    (post.late_interest, {"amount": D("12.34")}, EntryKind.INTEREST,
     {"1510": "12.34", "8313": "-12.34"}),
    (post.small_difference, {"difference": D("0.40")}, EntryKind.ROUNDING,
     {"3740": "0.40", "1510": "-0.40"}),
    (post.write_off, {"parts": [(VAT25, D(80), D(20))], "tax_adjusted": True, "untaxed": D(60)},
     EntryKind.WRITE_OFF, {"1510": "-160", "2611": "20"}),
    (post.write_off, {"parts": [(VAT25, D(80), D(20))], "tax_adjusted": False},
     EntryKind.WRITE_OFF, {"1510": "-100", "6351": "100"}),
    (post.host_statement, {"parts": [(VAT25, D(400), D(100))]}, EntryKind.SETTLEMENT,
     {"4010": "400", "2641": "100", "2440": "-500"}),
    (post.host_statement, {"parts": [(VAT25, D(400), D(0))]}, EntryKind.SETTLEMENT,
     {"4010": "400", "2440": "-400"}),
    (post.host_payout, {"amount": D(500)}, EntryKind.PAYOUT, {"2440": "500", "1930": "-500"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "given_", "kind", "expected"), EVENTS)
def test_each_event_has_its_accounts(
    rule: Any, given_: dict[str, Any], kind: EntryKind, expected: dict[str, str]
) -> None:
    found = rule(CHART, booking(), **given_)

    assert found.kind is kind
    assert {account: D(one) for account, one in expected.items()}.items() <= amounts(found).items()
    assert len(found.postings) == len(expected) or found.kind is EntryKind.WRITE_OFF


@pytest.mark.parametrize(("rule", "given_", "kind", "expected"), EVENTS)
def test_no_event_takes_negative_amounts(
    rule: Any, given_: dict[str, Any], kind: EntryKind, expected: dict[str, str]
) -> None:
    if rule is post.small_difference:
        return  # short or over: both signs are meant
    wrong = {
        name: -value if isinstance(value, Decimal) and value else value
        for name, value in given_.items()
    }
    wrong.update(parts=[(VAT25, D(-80), D(-20))]) if "parts" in wrong else None

    with pytest.raises(MoneyProblem) as refused:
        rule(CHART, booking(), **wrong)

    assert refused.value.code == "posting_amount"


def test_income_accrues_at_month_end_and_goes_back_on_the_first() -> None:
    accrued = post.accrual(CHART, booking("PER-2026-10"), {"LUND": D(500), "": D("20.50")})

    reversal = post.accrual_reversed(accrued)

    assert amounts(accrued)["1790"] == D("520.50")
    assert balances([accrued])["3090", "SEK"] == D("-520.50")
    assert (reversal.on, reversal.kind) == (date(2026, 11, 1), EntryKind.REVERSAL)
    assert balances([accrued, reversal], until=DAY) == balances([accrued])
    assert not any(balances([accrued, reversal]).values())
    for wrong in (booking(on=date(2026, 10, 30)),):
        with pytest.raises(MoneyProblem) as refused:
            post.accrual(CHART, wrong, {"": D(1)})
        assert refused.value.code == "accrual_day"


def test_a_payment_can_be_taken_back_and_nothing_else() -> None:
    paid = post.payment(CHART, booking(), received=D(130), owed=D(100))

    back = post.payment_reversed(paid, on=date(2026, 11, 3))

    assert not any(balances([paid, back]).values())
    with pytest.raises(MoneyProblem) as refused:
        post.payment_reversed(back, on=DAY)
    assert refused.value.code == "posting_kind"


GOOD = (Posting("1510", D(1), "SEK"), Posting("3001", D(-1), "SEK"))


@pytest.mark.parametrize(
    ("postings", "code"),
    [
        (GOOD[:1], "entry_too_short"),
        ((GOOD[0], replace(GOOD[1], amount=D("-0.99"))), "entry_unbalanced"),
        ((GOOD[0], replace(GOOD[1], currency="EUR")), "entry_unbalanced"),
        ((GOOD[0], replace(GOOD[1], account="30x1")), "entry_account"),
        ((GOOD[0], replace(GOOD[1], currency="KR")), "unknown_currency"),
        ((replace(GOOD[0], amount=D("1.001")), GOOD[1]), "entry_amount"),
        ((replace(GOOD[0], amount=D("NaN")), GOOD[1]), "entry_amount"),
        ((replace(GOOD[0], dimensions=((1, "a"), (1, "b"))), GOOD[1]), "entry_dimension"),
        ((replace(GOOD[0], dimensions=((1, 'a"b'),)), GOOD[1]), "entry_object"),
    ],
)
def test_an_entry_that_cannot_be_right_does_not_exist(
    postings: tuple[Posting, ...], code: str
) -> None:
    with pytest.raises(MoneyProblem) as refused:
        Entry(EntryKind.PAYMENT, DAY, "F1", postings)

    assert refused.value.code == code


def test_each_currency_balances_by_itself() -> None:
    euros = tuple(replace(one, currency="EUR") for one in GOOD)

    found = entry(EntryKind.PAYMENT, DAY, "F1", (*GOOD, *euros, *GOOD))

    assert balances([found]) == {
        ("1510", "SEK"): 2, ("3001", "SEK"): -2, ("1510", "EUR"): 1, ("3001", "EUR"): -1,
    }  # fmt: skip


def test_charts_choose_the_rule_that_asks_for_most() -> None:
    assert CHART.revenue_account("energy", VAT25) == "3001"
    assert CHART.revenue_account("network", VAT25) == "3041"
    assert CHART.revenue_account("idle", FINNISH) == "3106"
    assert CHART.revenue_account("fee", TaxKind("AE", D(0), "DE")) == "3308"
    assert CHART.tax_account(FINNISH) == "2670"
    own = bas_chart(names={"3019": "Övertid"}, revenue=(RevenueRule(account="3019", kind="idle"),))
    assert own.revenue_account("idle", TaxKind("O", D(0))) == "3019"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uses": {Use.BANK: "1999"}}, "chart_name"),
        ({"revenue": (RevenueRule(account="3001"), RevenueRule(account="3002"))}, "chart_twice"),
        ({"taxes": (TaxRule(account="2619", rate=D(25)),)}, "chart_name"),
    ],
)
def test_charts_with_gaps_are_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(MoneyProblem) as refused:
        bas_chart(**change)

    assert refused.value.code == code


def test_a_sale_without_account_is_refused() -> None:
    swedish_only = replace(CHART, taxes=CHART.taxes[:1])

    with pytest.raises(MoneyProblem) as refused:
        swedish_only.tax_account(FINNISH)

    assert refused.value.code == "chart_no_account"


@few
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["pay", "credit", "refund", "fee", "use"]),
            st.decimals("0.01", 400, places=2),
        ),
        max_size=12,
    )
)
def test_any_story_of_an_account_is_the_balance_of_its_accounts(
    steps: list[tuple[str, Decimal]],
) -> None:
    journal = [post.invoice_issued(CHART, booking(), sale("400", "100"))]
    owed, credit = D(500), D(0)
    for what, amount in steps:
        if what == "pay":
            journal.append(post.payment(CHART, booking(), received=amount, owed=owed))
            owed, credit = owed - min(amount, owed), credit + max(amount - owed, D(0))
        elif what == "fee":
            journal.append(post.reminder_fee(CHART, booking(), amount))
            owed += amount
        elif what == "credit" and amount * 5 <= owed * 4:
            tax = (amount / 4).quantize(D("0.01"))
            journal.append(post.credit_note_issued(CHART, booking(), sale(str(amount), str(tax))))
            owed -= amount + tax
        elif what == "refund" and amount <= credit:
            journal.append(post.refund(CHART, booking(), amount))
            credit -= amount
        elif what == "use" and amount <= min(owed, credit):
            journal.append(post.credit_used(CHART, booking(), amount))
            owed, credit = owed - amount, credit - amount

    found = balances(journal)

    assert found.get(("1510", "SEK"), D(0)) == owed
    assert -found.get(("2420", "SEK"), D(0)) == credit
    assert sum(found.values()) == 0


def test_the_report_of_vat_has_its_boxes_and_agrees_with_the_ledger() -> None:
    journal = [
        post.invoice_issued(CHART, booking(), sale("4467.75", "1116.94")),
        post.credit_note_issued(CHART, booking("K1"), sale("100", "25")),
        post.invoice_issued(CHART, booking(on=date(2026, 11, 1)), sale("1", "0.25")),
        post.invoice_issued(
            CHART, booking("F3"), post.Sale((post.Revenue("energy", REVERSE, D(700)),), {})
        ),
        post.invoice_issued(
            CHART,
            booking("F4"),
            post.Sale((post.Revenue("energy", FINNISH, D(5)),), {FINNISH: D("1.28")}),
        ),
        post.host_statement(CHART, booking("S1"), [(VAT25, D(400), D(100))]),
        post.write_off(
            CHART, booking("W1"), [(VAT25, D(80), D(20))], tax_adjusted=True, untaxed=D(60)
        ),
    ]

    report = vat_report(journal, CHART, from_on=date(2026, 10, 1), until_on=DAY)

    assert report.rows == (
        VatRow("FI", "", "S25.5-FI", D("5"), D("1.28"), 1, D(0)),
        VatRow("SE", "10", "S25", D("4287.75"), D("1071.94"), 3, D(0)),
        VatRow("SE", "41", "AE", D("700"), D(0), 1, D(0)),
        VatRow("SE", "48", "S25", D(0), D("-100"), 1, D(0)),
    )
    assert report.declared == {
        "05": 4287, "10": 1071, "41": 700, "48": 100, "49": 971,
    }  # fmt: skip


def test_tax_booked_by_hand_shows_as_a_difference() -> None:
    by_hand = (Posting("2611", D(-5), "SEK"), Posting("1930", D(5), "SEK"))

    report = vat_report(
        [Entry(EntryKind.FEE, DAY, "M1", by_hand)], CHART, from_on=DAY, until_on=DAY
    )

    assert report.rows == (VatRow("SE", "10", "", D(0), D(0), 0, D(5)),)
