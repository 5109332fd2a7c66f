"""OCR references, invoice numbers, due dates and payment codes."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.invoices import payment_reference as ocr
from billing.invoices.bank_days import is_bank_day, plus_bank_days
from billing.invoices.due import Terms, due_on
from billing.invoices.payment_qr import AccountKind, Payee, epc_qr, invoice_qr
from billing.invoices.swish_qr import swish_payload
from billing.problem import MoneyProblem
from billing.sellers.numbering import Counter, NumberFormat, ReadNumber, missing

few = settings(max_examples=40, deadline=None)
PAYEE = Payee("Elvägen AB", AccountKind.BANKGIRO, "5050-1055", "556036-0793")


def code(refused: pytest.ExceptionInfo[MoneyProblem]) -> str:
    return refused.value.code


@few
@given(
    kind=st.sampled_from(ocr.ReferenceKind),
    number=st.integers(min_value=1, max_value=10**21),
    with_length=st.booleans(),
)
def test_a_reference_is_read_back(kind: ocr.ReferenceKind, number: int, with_length: bool) -> None:
    text = ocr.reference(kind, number, with_length=with_length)

    found = ocr.parse(f"000 {text[:3]} {text[3:]}", with_length=with_length)

    assert found == ocr.Reference(kind, number)


@few
@given(number=st.integers(min_value=1, max_value=10**9), data=st.data())
def test_one_wrong_digit_is_always_found(number: int, data: st.DataObject) -> None:
    text = ocr.reference(ocr.ReferenceKind.INVOICE, number)
    place = data.draw(st.integers(1, len(text) - 1))
    other = data.draw(st.sampled_from([one for one in "0123456789" if one != text[place]]))

    with pytest.raises(MoneyProblem):
        ocr.parse(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "ocr_not_digits"),
        ("12a45", "ocr_not_digits"),
        ("١٢٣", "ocr_not_digits"),
        ("18", "ocr_length"),
        ("1" * 26, "ocr_length"),
        ("1234575", "ocr_check_digit"),
        ("1234567897", "ocr_length_digit"),
        ("4523452", "ocr_length_digit"),
        ("233", "ocr_check_digit"),
        ("133", "ocr_foreign"),
    ],
)
def test_what_is_no_reference_of_ours_is_told(text: str, wanted: str) -> None:
    with pytest.raises(MoneyProblem) as refused:
        ocr.parse(text)

    assert code(refused) == wanted


def test_a_number_too_long_for_a_reference_is_refused() -> None:
    with pytest.raises(MoneyProblem) as refused:
        ocr.reference(ocr.ReferenceKind.CUSTOMER, 10**23)

    assert code(refused) == "ocr_too_long"


@pytest.mark.parametrize(
    ("pattern", "series", "number", "text", "year"),
    [
        ("{series}{year}-{number:5}", "F", 7, "F2026-00007", 2026),
        ("{yy}{month}{number:4}", "", 12345, "261112345", 2026),
        ("{series}-{number}", "KR", 42, "KR-42", None),
    ],
)
def test_numbers_are_written_and_read(
    pattern: str, series: str, number: int, text: str, year: int | None
) -> None:
    form = NumberFormat(pattern)

    assert form.written(series, date(2026, 11, 27), number) == text
    assert form.read(text) == ReadNumber(series, year, number)
    assert form.counter(series, date(2026, 11, 27)) == Counter(series, year)


@few
@given(
    number=st.integers(1, 10**7),
    year=st.integers(2000, 2099),
    series=st.from_regex(r"([A-Z0-9]{0,7}[A-Z])?", fullmatch=True),
)
def test_every_number_is_read_back(number: int, year: int, series: str) -> None:
    form = NumberFormat("{series}{yy}{number:4}")

    text = form.written(series, date(year, 1, 1), number)

    assert form.read(text) == ReadNumber(series, year, number)


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("{series}-{year}", "number_once"),
        ("{number}-{number}", "number_once"),
        ("{year}-{yy}-{number}", "number_twice"),
        ("{customer}-{number}", "number_part"),
        ("{month}-{number}", "number_month"),
        ("faktura {number}", "number_signs"),
        ("{year}{number}", "number_runs_on"),
        ("{number:5", "number_once"),
    ],
)
def test_a_pattern_that_cannot_name_invoices_is_refused(pattern: str, wanted: str) -> None:
    with pytest.raises(MoneyProblem) as refused:
        NumberFormat(pattern)

    assert code(refused) == wanted


def test_a_number_of_another_pattern_is_unreadable() -> None:
    for text in ("F2026-7", "F2026-000007", "f2026-00007", "F2026-00007 "):
        with pytest.raises(MoneyProblem) as refused:
            NumberFormat("{series}{year}-{number:5}").read(text)

        assert code(refused) == "number_unreadable"


def test_holes_are_found() -> None:
    assert missing([1, 2, 5, 3, 7]) == [4, 6]
    assert missing([]) == []


@pytest.mark.parametrize(
    ("issued_on", "terms", "expected"),
    [
        (date(2026, 10, 28), Terms(30), date(2026, 11, 27)),
        (date(2026, 10, 29), Terms(30), date(2026, 11, 30)),  # Saturday
        (date(2026, 5, 20), Terms(30), date(2026, 6, 22)),  # Midsummer Eve is the Friday before
        (date(2026, 11, 24), Terms(30), date(2026, 12, 28)),  # Christmas Eve
        (date(2026, 11, 24), Terms(30, any_day=True), date(2026, 12, 24)),
        (date(2026, 1, 5), Terms(30, from_month_end=True), date(2026, 3, 2)),
        (date(2026, 12, 31), Terms(0, country="DK"), date(2027, 1, 4)),
        (date(2026, 5, 17), Terms(0, country="NO"), date(2026, 5, 18)),
    ],
)
def test_due_dates_fall_on_bank_days(issued_on: date, terms: Terms, expected: date) -> None:
    assert due_on(issued_on, terms) == expected


def test_bank_days_are_counted_and_unknown_countries_refused() -> None:
    assert plus_bank_days(date(2026, 4, 1), 3) == date(2026, 4, 8)
    assert not is_bank_day(date(2026, 6, 19))
    assert is_bank_day(date(2026, 4, 30))
    with pytest.raises(MoneyProblem) as refused:
        is_bank_day(date(2026, 4, 1), "XX")
    assert code(refused) == "unknown_country"
    with pytest.raises(MoneyProblem) as refused:
        Terms(-1)
    assert code(refused) == "terms_days"


def test_the_swish_code_fills_in_number_amount_and_reference() -> None:
    text = swish_payload("123 117 29 04", Decimal("1343.5"), "1000173")

    assert (
        text == "https://app.swish.nu/1/p/sw/?sw=1231172904&amt=1343.50&cur=SEK&msg=1000173&src=qr"
    )


@pytest.mark.parametrize(
    ("number", "amount", "reference", "wanted"),
    [
        ("0701234567", "1", "1000173", "swish_number"),
        ("1231172904", "0", "1000173", "swish_amount"),
        ("1231172904", "1.005", "1000173", "swish_amount"),
        ("1231172904", "NaN", "1000173", "swish_amount"),
        ("1231172904", "1", "1000174", "ocr_check_digit"),
    ],
)
def test_what_swish_cannot_pay_is_refused(
    number: str, amount: str, reference: str, wanted: str
) -> None:
    with pytest.raises(MoneyProblem) as refused:
        swish_payload(number, Decimal(amount), reference)

    assert code(refused) == wanted


def test_the_invoice_code_is_json_of_version_one() -> None:
    days = {"issued_on": date(2026, 11, 1), "due_on": date(2026, 12, 1)}

    text = invoice_qr(PAYEE, Decimal("1343.5"), "1000173", **days)

    assert '"due":1343.50' in text
    assert json.loads(text, parse_float=Decimal) == {
        "uqr": 1, "tp": 1, "nme": "Elvägen AB", "cid": "556036-0793", "iref": "1000173",
        "idt": "20261101", "ddt": "20261201", "pt": "BG", "acc": "5050-1055",
        "due": Decimal("1343.50"),
    }  # fmt: skip
    with pytest.raises(MoneyProblem) as refused:
        invoice_qr(PAYEE, Decimal(-1), "1000173", **days)
    assert code(refused) == "qr_amount"


def test_the_european_code_has_its_lines() -> None:
    payee = Payee("Elvägen AB", AccountKind.IBAN, "SE45 5000 0000 0583 9825 7466")

    text = epc_qr(payee, Decimal("12.3"), "1000173")

    assert text.split("\n") == [
        "BCD", "002", "1", "SCT", "", "Elvägen AB", "SE4550000000058398257466", "EUR12.30", "", "",
        "1000173",
    ]  # fmt: skip
    for other, wanted in ((PAYEE, "qr_iban"), (Payee("", AccountKind.IBAN, "1"), "qr_incomplete")):
        with pytest.raises(MoneyProblem) as refused:
            epc_qr(other, Decimal(1), "1")
        assert code(refused) == wanted
