"""Documents: what adds up is made, what does not is refused by name; JSON there and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices.document_json import from_json, to_data, to_json
from billing.invoices.document_parts import DocumentError, Payment, TaxTotal
from billing.invoices.ocr import is_ocr, make_ocr
from billing.invoices.tests.documents import (
    SELLER,
    credit_note,
    energy,
    invoice,
    reversed_charge,
    specified,
)


@pytest.mark.parametrize(
    ("number", "with_length", "ocr"),
    [
        ("10001", True, "1000173"), ("10001", False, "100016"), ("12345", True, "1234574"),
        ("12345", False, "123455"), ("1", True, "133"), ("123456789", True, "12345678911"),
        ("9999999999", True, "999999999926"),
    ],
)  # fmt: skip
def test_ocr_of_a_number(number: str, with_length: bool, ocr: str) -> None:
    assert make_ocr(number, with_length=with_length) == ocr
    assert is_ocr(ocr, with_length=with_length)


@given(st.from_regex(r"[0-9]{1,23}", fullmatch=True), st.integers(0, 24), st.integers(1, 9))
def test_one_wrong_digit_is_seen(number: str, place: int, by: int) -> None:
    ocr = make_ocr(number, with_length=True)
    place %= len(ocr)
    wrong = ocr[:place] + str((int(ocr[place]) + by) % 10) + ocr[place + 1 :]

    assert not is_ocr(wrong, with_length=True)


@pytest.mark.parametrize("number", ["", "12a", "１２", "1" * 24])
def test_no_ocr_of_this(number: str) -> None:
    with pytest.raises(ValueError, match="OCR"):
        make_ocr(number, with_length=True)


def test_vat_is_reckoned_on_the_sum() -> None:
    document = invoice(energy(1, "1", "4467.75"))

    assert document.totals.tax == Decimal("1116.94")
    assert document.totals.gross == Decimal("5584.69")


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        ({"number": " "}, "missing", "number"),
        ({"number": "1\x00"}, "control_character", "number"),
        ({"currency": "KRO"}, "currency", "currency"),
        ({"due_on": date(2026, 10, 31)}, "due_before_issue", "due_on"),
        ({"supply_to": date(2026, 9, 30)}, "period", "supply_to"),
        ({"groups": ()}, "missing", "groups"),
        ({"taxes": ()}, "tax_rates", "taxes"),
        ({"seller": replace(SELLER, country_code="Sverige")}, "country", "seller.country_code"),
        ({"payment": Payment(ocr="1000174")}, "ocr", "payment.ocr"),
        ({"kind": "credit_note"}, "missing", "original"),
    ],
)
def test_a_document_that_cannot_be_right_is_refused(
    change: dict[str, Any], code: str, at: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        invoice(**change)

    assert (refused.value.code, refused.value.at) == (code, at)


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        ({"net": Decimal("400.03")}, "line_net", "groups[0].lines[0].net"),
        ({"net": Decimal("400.001")}, "too_fine", "groups[0].lines[0].net"),
        ({"unit_price": Decimal(-4)}, "unit_price", "groups[0].lines[0].unit_price"),
        ({"description": ""}, "missing", "groups[0].lines[0].description"),
        ({"tax_category": "E"}, "tax_rate", "taxes[0].rate"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused(change: dict[str, Any], code: str, at: str) -> None:
    with pytest.raises(DocumentError) as refused:
        invoice(energy(1, "100", "4.00", **change))

    assert (refused.value.code, refused.value.at) == (code, at)


def test_totals_and_taxes_must_be_those_of_the_lines() -> None:
    good = invoice()
    cases = [
        ({"totals": replace(good.totals, net=Decimal("400.01"))}, "total_net"),
        ({"totals": replace(good.totals, tax=Decimal("99.99"))}, "total_tax"),
        ({"totals": replace(good.totals, gross=Decimal(501))}, "total_gross"),
        ({"totals": replace(good.totals, payable=Decimal(499))}, "payable"),
        ({"totals": replace(good.totals, rounding=Decimal("0.51"))}, "rounding"),
        ({"taxes": (replace(good.taxes[0], tax=Decimal("99.98")),)}, "tax_amount"),
        ({"taxes": (replace(good.taxes[0], net=Decimal(399)),)}, "tax_net"),
        ({"taxes": good.taxes * 2}, "tax_double"),
    ]
    for change, code in cases:
        with pytest.raises(DocumentError) as refused:
            replace(good, **change)  # type: ignore[arg-type]  # values of many types
        assert refused.value.code == code


def test_why_no_tax_must_be_said() -> None:
    good = reversed_charge()
    silent = (TaxTotal(category="AE", rate=Decimal(0), net=Decimal(400), tax=Decimal(0)),)

    with pytest.raises(DocumentError) as refused:
        replace(good, taxes=silent)

    assert refused.value.at == "taxes[0].reason"


def test_rounding_to_whole_kronor_leaves_vat_alone() -> None:
    document = invoice(energy(1, "1", "1075.10"), rounding="0.12")

    assert document.totals.gross == Decimal("1343.88")
    assert document.totals.payable == Decimal("1344.00")
    assert document.totals.tax == Decimal("268.78")


def test_a_specification_adds_up_to_its_lines() -> None:
    good = specified(5)
    short = (good.specification[0],)

    with pytest.raises(DocumentError) as refused:
        replace(good, specification=short)

    assert refused.value.code == "specification"


@pytest.mark.parametrize("document", [invoice(), credit_note(), specified(3), reversed_charge()])
def test_json_there_and_back(document: Any) -> None:
    text = to_json(document)

    assert from_json(text) == document
    assert to_json(from_json(text)) == text


def test_json_that_is_no_document_is_refused_by_place() -> None:
    data = to_data(invoice())
    cases: list[tuple[dict[str, Any], str]] = [
        ({"colour": 1}, "colour"),
        ({"issued_on": "yesterday"}, "issued_on"),
        ({"kind": "quote"}, "kind"),
        ({"totals": data["totals"] | {"net": 400.0}}, "totals.net"),
        ({"groups": [{"title": "", "lines": {}}]}, "groups[0].lines"),
    ]
    for change, at in cases:
        with pytest.raises(DocumentError) as refused:
            from_json(json.dumps(data | change))
        assert refused.value.at.lstrip(".") == at
