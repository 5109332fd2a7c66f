"""SIE files as they are written: read back, they agree with the journal."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting import posting as post
from billing.accounting.bas import bas_chart
from billing.accounting.entries import Entry, EntryKind, Posting
from billing.accounting.exports.journal_csv import document_list_csv
from billing.accounting.exports.sie import (
    FORTNOX,
    VISMA_EEKONOMI,
    VISMA_EEKONOMI_1518,
    SieCompany,
    sie_file,
)
from billing.accounting.exports.sie_reader import SieFile, SieRow, read_sie
from billing.accounting.exports.sie_text import fields_of, plain, quoted
from billing.accounting.exports.vouchers import Granularity, suggested, vouchers
from billing.accounting.tests.journal import (
    CHART,
    COMPANY,
    DAY,
    JOURNAL,
    VAT25,
    D,
    few,
    invoice,
    written,
)
from billing.problem import MoneyProblem


def test_the_file_is_written_as_the_format_says() -> None:
    text = written([JOURNAL[0]]).decode("cp437")

    lines = text.split("\r\n")
    assert lines[:-2] == [
        "#FLAGGA 0",
        "#KSUMMA",
        "#PROGRAM Laddportal 1",
        "#FORMAT PC8",
        "#GEN 20261127",
        "#SIETYP 4",
        "#ORGNR 556036-0793",
        '#FNAMN "Elvägen AB"',
        "#RAR 0 20260101 20261231",
        "#KPTYP EUBAS97",
        "#VALUTA SEK",
        "#KONTO 1510 Kundfordringar",
        '#KONTO 2611 "Utgående moms på försäljning inom Sverige, 25 %"',
        '#KONTO 3001 "Försäljning av el, 25 % moms"',
        "#DIM 1 Kostnadsställe",
        '#OBJEKT 1 LUND "Lund Central"',
        '#VER "" "" 20261031 "Faktura F2"',
        "{",
        "#TRANS 1510 {} 8000.00",
        "#TRANS 3001 {1 LUND} -6400.00",
        "#TRANS 2611 {} -1600.00",
        "}",
    ]
    assert lines[-2].startswith("#KSUMMA ")
    assert lines[-1] == ""


def test_the_checksum_is_crc32_of_labels_and_fields() -> None:
    lines = written([JOURNAL[0]]).split(b"\r\n")
    body = b"".join(line for line in lines[2:-2] if line not in (b"{", b"}"))
    parts = body.decode("cp437")
    for label in ("#FNAMN", "#KONTO"):
        assert label in parts

    fields = b""
    for line in lines[2:-2]:
        if line not in (b"{", b"}"):
            text = line.decode("cp437")
            label, _blank, rest = text.partition(" ")
            flat = "".join(
                one if isinstance(one, str) else "".join(one) for one in fields_of(" " + rest)
            )
            fields += (label + flat).encode("cp437")

    assert lines[-2] == b"#KSUMMA %d" % zlib.crc32(fields)


@pytest.mark.parametrize("granularity", Granularity)
def test_every_file_is_read_back_and_agrees_with_the_journal(granularity: Granularity) -> None:
    found = read_sie(written(JOURNAL, granularity))

    assert (found.company, found.organisation_number) == ("Elvägen AB", "556036-0793")
    assert found.has_checksum
    assert not found.is_imported
    assert sums(found) == {"1510": D(90), "3001": D(-6472), "2611": D(-1618), "1930": D(8000)}
    single = granularity is Granularity.DOCUMENT
    assert [one.text for one in found.vouchers] == (
        ["Faktura F2", "Faktura F1", "Fel pris - 10 EUR", "Inbetalning B1"]
        if single
        else ["Faktura, 2 st", "Kreditfaktura, 1 st", "Inbetalning, 1 st"]
    )


def sums(found: SieFile) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for voucher in found.vouchers:
        for row in voucher.rows:
            totals[row.account] = totals.get(row.account, D()) + row.amount
    return totals


def test_a_voucher_per_day_knows_its_documents() -> None:
    made = vouchers(JOURNAL, Granularity.DAY_AND_KIND)

    assert [(one.kind, one.documents) for one in made] == [
        (EntryKind.INVOICE, ("F2", "F1")),
        (EntryKind.CREDIT_NOTE, ("K1",)),
        (EntryKind.PAYMENT, ("B1",)),
    ]
    lines = list(document_list_csv(made))
    assert lines[1] == "2026-10-31;Faktura, 2 st;F2\r\n"
    assert suggested(200) is Granularity.DOCUMENT
    assert suggested(201) is Granularity.DAY_AND_KIND


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café – 10 € “nu”", 'Café - 10 EUR "nu"'),
        ("Sørensen Łódź Þór", "Sörensen Lódz Thór"),
        ("rad\n\tett\x00 två", "rad ett två"),
        ("東京", "??"),
        ("C:\\el", "C:/el"),
    ],
)
def test_signs_that_the_codepage_lacks_are_written_otherwise(text: str, expected: str) -> None:
    assert plain(text) == expected
    plain(text).encode("cp437")


@few
@given(st.text(max_size=80))
def test_any_text_is_read_back_as_it_was_written(text: str) -> None:
    kept = plain(text, 50)

    assert len(kept) <= 50
    assert fields_of(" " + quoted(kept)) == [kept]
    assert quoted(kept).encode("cp437").decode("cp437") == quoted(kept)


@few
@given(
    nets=st.lists(st.decimals("0.01", 9999, places=2), min_size=1, max_size=8),
    granularity=st.sampled_from(Granularity),
    texts=st.text(max_size=60),
)
def test_any_journal_is_read_back_to_the_ore(
    nets: list[Decimal], granularity: Granularity, texts: str
) -> None:
    journal = [
        replace(invoice(f"F{place}", str(net), "0.01"), text=texts)
        for place, net in enumerate(nets)
    ]

    found = read_sie(written(journal, granularity))

    assert sums(found)["3001"] == -sum(nets)
    assert sums(found)["1510"] == sum(nets) + D("0.01") * len(nets)


def test_profiles_of_ledgers_are_kept() -> None:
    posting = (Posting("9999", D(1), "SEK"), Posting("1930", D(-1), "SEK"))
    with pytest.raises(MoneyProblem) as refused:
        sie_file(
            vouchers([Entry(EntryKind.FEE, DAY, "X1", posting)], Granularity.DOCUMENT),
            COMPANY, VISMA_EEKONOMI, account_names={"9999": "X", **CHART.names}, made_on=DAY,
        )  # fmt: skip
    assert refused.value.code == "sie_class"

    chart = bas_chart(uses=VISMA_EEKONOMI_1518.uses, names={"1518": "Kundfordringar, övriga"})
    sale = post.Sale((post.Revenue("energy", VAT25, D(80)),), {VAT25: D(20)})
    entry = post.invoice_issued(chart, post.Booking(DAY, "F1", "SEK"), sale)
    assert entry.postings[0].account == "1518"

    own = replace(FORTNOX, series={EntryKind.INVOICE: "F"}, dimensions=frozenset())
    found = read_sie(written([JOURNAL[0]], profile=own)).vouchers[0]
    assert found.series == "F"
    assert found.rows[1] == SieRow("3001", (), D("-6400.00"))


@pytest.mark.parametrize(
    ("company", "journal", "code"),
    [
        (replace(COMPANY, organisation_number="5560360793"), JOURNAL[:1], "sie_organisation"),
        (replace(COMPANY, name="\n"), JOURNAL[:1], "sie_company"),
        (replace(COMPANY, year_until=date(2025, 1, 1)), [], "sie_year"),
        (COMPANY, [invoice("F9", "1", "0.25", date(2027, 1, 1))], "sie_other_year"),
        (replace(COMPANY, currency="EUR"), JOURNAL[:1], "sie_currency"),
    ],
)
def test_what_does_not_belong_in_the_file_is_refused(
    company: SieCompany, journal: list[Entry], code: str
) -> None:
    with pytest.raises(MoneyProblem) as refused:
        written(journal, company=company)

    assert refused.value.code == code


def test_a_journal_of_two_currencies_makes_no_voucher() -> None:
    both = tuple(
        Posting(account, amount, currency)
        for currency in ("SEK", "EUR")
        for account, amount in (("1510", D(1)), ("1930", D(-1)))
    )

    with pytest.raises(MoneyProblem) as refused:
        vouchers([Entry(EntryKind.PAYMENT, DAY, "B9", both)], Granularity.DOCUMENT)

    assert (refused.value.code, refused.value.at) == ("voucher_currency", "B9")
