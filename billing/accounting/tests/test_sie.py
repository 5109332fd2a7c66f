"""SIE files: what is written is read back and balances; what is broken is told by line."""

from __future__ import annotations

import csv
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.accounting import posting as post
from billing.accounting.bas import bas_chart
from billing.accounting.entries import Entry, EntryKind, Posting
from billing.accounting.exports.journal_csv import Convention, document_list_csv, journal_csv
from billing.accounting.exports.sie import (
    FORTNOX,
    VISMA_EEKONOMI,
    VISMA_EEKONOMI_1518,
    SieCompany,
    SieProfile,
    sie_file,
)
from billing.accounting.exports.sie_reader import SieFile, SieRow, read_sie
from billing.accounting.exports.sie_text import Field, checksum, fields_of, plain, quoted
from billing.accounting.exports.vouchers import Granularity, suggested, vouchers
from billing.invoices.problem import MoneyProblem
from billing.invoices.tax_sums import TaxKind

D = Decimal
CHART = bas_chart()
VAT25 = TaxKind("S", D(25))
COMPANY = SieCompany("Elvägen AB", "556036-0793", date(2026, 1, 1), date(2026, 12, 31))
DAY = date(2026, 10, 31)
few = settings(max_examples=30, deadline=None)


def invoice(document: str, net: str, tax: str, on: date = DAY, site: str = "LUND") -> Entry:
    sale = post.Sale((post.Revenue("energy", VAT25, D(net), site),), {VAT25: D(tax)})
    return post.invoice_issued(CHART, post.Booking(on, document, "SEK"), sale)


JOURNAL = [
    invoice("F2", "6400", "1600"),
    post.payment(
        CHART, post.Booking(date(2026, 11, 3), "B1", "SEK"), received=D(8000), owed=D(8000)
    ),
    invoice("F1", "80", "20"),
    post.credit_note_issued(
        CHART,
        post.Booking(DAY, "K1", "SEK", "Fel pris – 10 €"),
        post.Sale((post.Revenue("energy", VAT25, D(8)),), {VAT25: D(2)}),
    ),
]


def written(
    journal: list[Entry],
    granularity: Granularity = Granularity.DOCUMENT,
    profile: SieProfile = FORTNOX,
    company: SieCompany = COMPANY,
) -> bytes:
    return sie_file(
        vouchers(journal, granularity),
        company,
        profile,
        account_names=CHART.names,
        object_names={(1, "LUND"): "Lund Central"},
        made_on=date(2026, 11, 27),
    )


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


GOOD = """#FLAGGA 0
#PROGRAM "Annat program" 5.11
#FORMAT PC8
#GEN 20261101 sj
#SIETYP\t4
#OKAND "passeras"
#FNAMN "Övningsbolaget AB"

#KONTO 1510 Kundfordringar
#KONTO 3001 "Försäljning"
#VER B "" 20261031 "Journal 109" 20261101
{
   #TRANS 1510 {} 125 "" "Nr 891, \\"Karl\\""
   #TRANS 3001 {1 "LUND C" 6 P1} -125.00
}
"""


def test_a_file_of_another_program_is_read() -> None:
    found = read_sie(GOOD.encode("cp437"))

    assert found.company == "Övningsbolaget AB"
    assert not found.has_checksum
    voucher = found.vouchers[0]
    assert (voucher.series, voucher.on, voucher.text) == ("B", DAY, "Journal 109")
    assert voucher.rows[0] == SieRow("1510", (), D(125), 'Nr 891, "Karl"')
    assert voucher.rows[1].dimensions == ((1, "LUND C"), (6, "P1"))


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("#FLAGGA 0\n", "", "sie_flag_first", 1),
        ("#FLAGGA 0", "#FLAGGA 2", "sie_value", 1),
        ("#FORMAT PC8\n", "", "sie_missing", 15),
        ("PC8", "UTF8", "sie_value", 3),
        ("\t4", "\t1", "sie_value", 5),
        ("20261101 sj", "20261301", "sie_date", 4),
        ("#OKAND", "#IB", "sie_forbidden", 6),
        ("#OKAND", "OKAND", "sie_label", 6),
        ("#OKAND", "#TRANS", "sie_place", 6),
        ("-125.00", "-124.99", "sie_unbalanced", 15),
        ("-125.00", "-125,00", "sie_amount", 14),
        ("-125.00", "+125", "sie_amount", 14),
        ("-125.00", "-125.001", "sie_amount", 14),
        ('{1 "LUND C" 6 P1}', "{1}", "sie_objects", 14),
        ('{1 "LUND C" 6 P1}', "1", "sie_objects", 14),
        ('"Journal 109"', '"Journal 109', "sie_field", 11),
        ('#TRANS 1510 {} 125 "" "Nr 891, \\"Karl\\""', "#TRANS 1510", "sie_objects", 13),
        ("#KONTO 3001", "#KONTO 1510", "sie_account", 10),
        ("#KONTO 3001", "#KONTO 3002", "sie_account", 16),
        ("{\n", "", "sie_place", 12),
        ("\n}\n", "\n", "sie_cut", 15),
        ("}\n", "}\n}\n", "sie_brace", 16),
        ("}\n", "}\n#DIM 1 x\n", "sie_order", 16),
        ("#OKAND", "#KSUMMA\n#OKAND", "sie_cut", 17),
    ],
)
def test_a_broken_file_is_told_by_line(old: str, new: str, code: str, line: int) -> None:
    assert old in GOOD

    with pytest.raises(MoneyProblem) as refused:
        read_sie(GOOD.replace(old, new, 1).encode("cp437"))

    assert (refused.value.code, refused.value.at) == (code, f"line {line}")


def test_bytes_of_another_kind_are_refused() -> None:
    for data, code in (
        (GOOD.encode(), "sie_utf8"),
        (GOOD.encode("cp437") + b"\x00", "sie_control"),
        (b"", "sie_missing"),
    ):
        with pytest.raises(MoneyProblem) as refused:
            read_sie(data)
        assert refused.value.code == code


def test_numbers_of_a_series_go_up() -> None:
    voucher = GOOD[GOOD.index("#VER") :]
    first, second = voucher.replace('B ""', "B 7"), voucher.replace('B ""', "B 8")
    head = GOOD[: GOOD.index("#VER")]

    assert len(read_sie((head + first + second).encode("cp437")).vouchers) == 2
    with pytest.raises(MoneyProblem) as refused:
        read_sie((head + second + first).encode("cp437"))
    assert (refused.value.code, refused.value.at) == ("sie_number", "line 16")


def outcome(data: bytes) -> SieFile | str:
    """The file, or the code of its refusal."""
    try:
        return read_sie(data)
    except MoneyProblem as problem:
        return problem.code


@few
@given(place=st.integers(0, len(GOOD) - 1), text=st.text('#{}" \\\n01-VERTRANS', max_size=6))
def test_any_damage_is_read_or_refused_by_name(place: int, text: str) -> None:
    damaged = GOOD[:place] + text + GOOD[place + 1 :]

    found = outcome(damaged.encode("cp437"))

    if isinstance(found, str):
        assert found.startswith("sie_")
    else:
        assert all(sum(row.amount for row in one.rows) == 0 for one in found.vouchers)


def test_the_checksum_counts_blanks_inside_fields_and_not_between_them() -> None:
    known: list[tuple[str, list[Field]]] = [
        ("#PROGRAM", ["Norra Ö 1"]),
        ("#TRANS", ["1510", ("1", "LUND"), '"5"']),
    ]

    assert checksum(known) == zlib.crc32('#PROGRAMNorra Ö 1#TRANS15101LUND"5"'.encode("cp437"))


def test_a_changed_or_cut_file_is_found_by_its_checksum() -> None:
    data = written(JOURNAL)

    for broken in (
        data.replace(b"Faktura F2", b"Faktura F3"),
        data.replace(b"#KSUMMA ", b"#KSUMMA 1"),
        data[: data.rindex(b"#KSUMMA")],
    ):
        with pytest.raises(MoneyProblem) as refused:
            read_sie(broken)
        assert refused.value.code in ("sie_checksum", "sie_cut")


def test_the_journal_as_swedish_and_international_csv() -> None:
    journal = [replace(JOURNAL[2], document="=F1")]

    swedish = list(journal_csv(journal, account_names=CHART.names))
    other = list(
        journal_csv(journal, account_names=CHART.names, convention=Convention.INTERNATIONAL)
    )

    assert swedish[0].startswith("\ufeffDatum;Händelse;Underlag;")
    assert swedish[1:] == [
        "2026-10-31;Faktura;'=F1;;1510;Kundfordringar;;100,00;;SEK;\r\n",
        "2026-10-31;Faktura;'=F1;;3001;Försäljning av el, 25 % moms;1:LUND;;80,00;SEK;S25\r\n",
        "2026-10-31;Faktura;'=F1;;2611;Utgående moms på försäljning inom Sverige, 25 %"
        ";;;20,00;SEK;S25\r\n",
    ]
    rows = list(csv.DictReader(other[1:], fieldnames=next(csv.reader(other))))
    assert [row["debit"] or f"-{row['credit']}" for row in rows] == ["100.00", "-80.00", "-20.00"]


def test_a_journal_of_two_currencies_makes_no_voucher() -> None:
    both = tuple(
        Posting(account, amount, currency)
        for currency in ("SEK", "EUR")
        for account, amount in (("1510", D(1)), ("1930", D(-1)))
    )

    with pytest.raises(MoneyProblem) as refused:
        vouchers([Entry(EntryKind.PAYMENT, DAY, "B9", both)], Granularity.DOCUMENT)

    assert (refused.value.code, refused.value.at) == ("voucher_currency", "B9")
