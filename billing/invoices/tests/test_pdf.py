"""Invoices on paper: what is said in both languages, over many pages, with marks for readers."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from billing.invoices.document import Document
from billing.invoices.document_parts import Payment
from billing.invoices.pdf import render_invoice
from billing.invoices.pdf.code import payment_code
from billing.invoices.pdf.colour import DEFAULT, contrast_to_white, readable
from billing.invoices.pdf.render import LogoError
from billing.invoices.pdf.writing import Writer, breakable
from billing.invoices.tests.documents import (
    BUYER,
    credit_note,
    energy,
    invoice,
    reversed_charge,
    specified,
)


def pages_of(document: Document, language: str = "sv", logo: bytes | None = None) -> list[str]:
    reader = PdfReader(BytesIO(render_invoice(document, language=language, logo=logo)))
    return [" ".join(page.extract_text().replace("\xa0", " ").split()) for page in reader.pages]


def test_an_invoice_says_what_the_law_asks_in_both_languages() -> None:
    (swedish,) = pages_of(invoice(rounding="0.00"))
    (english,) = pages_of(invoice(), "en")

    for text in ("Faktura", "2026-000417", "2026-11-01", "2026-12-01", "Öresunds Laddnät AB",
                 "Åkes Bud & Frakt i Växjö AB", "SE556703748501", "Godkänd för F-skatt",
                 "100 kWh", "4,00", "25 %", "400,00", "500,00 SEK", "5050-1055", "1000173",
                 "Sida 1 av 1", "Dröjsmålsränta"):  # fmt: skip
        assert text in swedish, text
    for text in ("Invoice", "1 Nov 2026", "1 Dec 2026", "Approved for F-tax", "500.00 SEK",
                 "25%", "Page 1 of 1"):  # fmt: skip
        assert text in english, text


def test_it_is_tagged_and_says_so() -> None:
    reader = PdfReader(BytesIO(render_invoice(invoice(), language="sv")))
    root: Any = reader.root_object

    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "sv"
    metadata = root["/Metadata"].get_object().get_data()
    assert re.search(rb"pdfuaid:part>\s*1", metadata)
    assert reader.metadata is not None
    assert reader.metadata.title == "Faktura 2026-000417"


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render_invoice(specified(3), language="en") == render_invoice(
        specified(3), language="en"
    )


@pytest.mark.parametrize(
    "text", ['#panic("x")', "*bold* _it_ $x^2$ @ref <label>", "\\ \\u{41} [a] ${b} `c` // d", "= h"]
)
def test_hostile_text_stays_text(text: str) -> None:
    (page,) = pages_of(invoice(energy(1, "1", "4.00", description=text, details=text)))

    assert page.count(text) == 2


def test_signs_that_no_font_has_do_not_stop_an_invoice() -> None:
    (page,) = pages_of(invoice(buyer=replace(BUYER, name="Лада 中文 😀 AB")))

    assert "Лада ?? ? AB" in page


def test_overlong_words_are_broken_and_stay_on_the_page() -> None:
    view = {"a": ["A" * 60, "kort", "faktura.reskontra@kommunen.example"], "b": "<svg " + "x" * 40}
    broken = breakable(view)

    assert [word.replace("\u200b", "") for word in broken["a"]] == view["a"]
    assert max(len(piece) for piece in broken["a"][0].split("\u200b")) == 12
    assert broken["a"][1] == "kort"
    assert broken["a"][2].startswith("faktura.\u200breskontra@\u200b")
    assert broken["b"] == view["b"]
    line = energy(1, "1", "4.00", description="A" * 90)
    reader = PdfReader(BytesIO(render_invoice(invoice(line), language="sv")))
    assert reader.pages[0].extract_text().count("A" * 90) == 0


def test_many_rows_go_over_pages_with_heads_and_carried_sums() -> None:
    document = specified(400)
    pages = pages_of(document)
    last = len(pages)

    assert last >= 8
    for number, page in enumerate(pages, start=1):
        assert f"Sida {number} av {last}" in page
        if number > 1:
            assert "Belopp utan moms" in page
    carried = [re.search(r"Transport till nästa sida ([\d ]+,\d\d)", page) for page in pages]
    assert [found is not None for found in carried] == [False, *[True] * (last - 2), False]
    for before, page in zip(carried, pages[1:], strict=False):
        if before is not None:
            assert f"Transport från föregående sida {before[1]}" in page
    assert "5 546,000" in pages[-1]


def test_a_credit_note_names_its_invoice_and_asks_for_nothing() -> None:
    (page,) = pages_of(credit_note())

    assert "Kreditfaktura" in page
    assert "2026-000417" in page
    assert "Dubbelt debiterad laddning" in page
    assert "Så betalar du" not in page


def test_reverse_charge_is_said() -> None:
    (page,) = pages_of(reversed_charge(), "en")

    assert "Reverse charge: the buyer accounts for the VAT." in page
    assert "DK13585628" in page


def test_a_logo_is_a_picture() -> None:
    picture = BytesIO()
    Image.new("RGBA", (300, 90), (16, 122, 87, 255)).save(picture, "PNG")
    made = render_invoice(invoice(), language="sv", logo=picture.getvalue())

    images = PdfReader(BytesIO(made)).pages[0].images
    assert [image.image.size for image in images if image.image] == [(300, 90)]
    for wrong in (b"", b"<svg/>", picture.getvalue()[:40]):
        with pytest.raises(LogoError):
            render_invoice(invoice(), language="sv", logo=wrong)


def test_a_colour_is_dark_enough_to_read() -> None:
    assert readable("#107a57") == "#107a57"
    assert readable("red") == DEFAULT
    pale = readable("#ffe066")
    assert contrast_to_white([int(pale[n : n + 2], 16) for n in (1, 3, 5)]) >= 4.5


def test_codes_to_scan() -> None:
    swish = Payment(ocr="1000173", bankgiro="5050-1055", swish="123 456 78 90")
    abroad = Payment(iban="DK50 0040 0440 1162 43")

    assert payment_code(invoice(payment=swish)) == (
        "swish",
        "https://app.swish.nu/1/p/sw/?sw=1234567890&amt=500.00&cur=SEK&msg=1000173&src=qr",
    )
    kind, payload = payment_code(invoice()) or ("", "")
    assert kind == "bank"
    assert '"iref":"1000173"' in payload
    assert '"pt":"BG","acc":"5050-1055","due":500.00' in payload
    euro = payment_code(invoice(payment=abroad, currency="EUR"))
    assert euro is not None
    assert euro[1].startswith("BCD\n002\n1\nSCT")
    # None is better than one that no app reads.
    assert payment_code(invoice(payment=Payment(ocr="1000173", swish="070-123 45 67"))) is None
    assert payment_code(invoice(payment=Payment(bankgiro="5050-1055"), due_on=None)) is None


def test_numbers_are_written_as_each_language_does() -> None:
    swedish, english = Writer("sv", "SEK"), Writer("en", "SEK")

    assert swedish.money(Decimal("-1234567.5")) == "\u22121\u00a0234\u00a0567,50"
    assert english.money(Decimal("-1234567.5")) == "\u22121,234,567.50"
    assert swedish.price(Decimal("3.20")) == "3,20"
    assert swedish.price(Decimal("2.123456")) == "2,1235"
    assert english.number(Decimal("1E+2")) == "100"
    assert Writer("en", "JPY").money(Decimal(500)) == "500"
