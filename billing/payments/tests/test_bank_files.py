"""Files of banks: one shape for all, refused whole when their sums disagree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billing.payments.bank.model import BankFile, BankFileError
from billing.payments.bank.reading import read_bank_file
from billing.payments.tests.files import BGMAX, CAMT053, CAMT054, SWISH


def short(file: BankFile) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(one.key, one.direction, str(one.amount), one.references) for one in file.transactions]


def test_bgmax() -> None:
    file = read_bank_file(BGMAX)

    assert (file.format, file.accounts) == ("bgmax", ("50501055",))
    assert file.key == "bgmax:50501055:20261102173035010331"
    assert short(file) == [
        ("50501055:20261102/000000000010", "credit", "500.00", ("10001738",)),
        ("50501055:reversal:20261102/000000000011", "reversal", "100.00", ("1000173",)),
        ("50501055:20261102/000000000012", "credit", "300.00", ("1234574  133", "1234574", "133")),
    ]
    first = file.transactions[0]
    assert first.payer_name == "Åkes Bud & Frakt i Växjö AB"
    assert first.payer_number == "5560360793"
    assert first.text == "Tack för laddningen"
    assert first.booked_on == date(2026, 11, 2)
    assert not file.is_test


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        (b"000000000000070000SEK", b"000000000000070001SEK", "deposit_sum", "row 13"),
        (b"SEK00000003", b"SEK00000002", "deposit_count", "row 13"),
        (b"7000000002", b"7000000003", "totals", "row 14"),
        (b"\r\n7000000002", b"\r\n71000000020", "unknown_record", "row 14"),
        (b"01BGMAX               01", b"01BGMAX               02", "version", "row 1"),
        (b"00000003 ", b"00000003X", "", ""),
        (b"20261102000", b"20261332000", "bad_day", "row 13"),
        (b"050050501055          SEK", b"050050501055          NOK", "currency", "row 2"),
    ],
)
def test_a_broken_bgmax_file_is_refused_whole(old: bytes, new: bytes, code: str, at: str) -> None:
    changed = BGMAX.replace(old, new)
    if not code:
        read_bank_file(changed)
        return
    with pytest.raises(BankFileError) as refused:
        read_bank_file(changed)

    assert (refused.value.code, refused.value.at) == (code, at)


def test_a_bgmax_file_without_its_end_is_refused() -> None:
    with pytest.raises(BankFileError) as refused:
        read_bank_file(BGMAX[: BGMAX.index(b"\r\n70") + 2])

    assert refused.value.code == "truncated"


@pytest.mark.parametrize(("raw", "kind"), [(CAMT054, "camt.054"), (CAMT053, "camt.053")])
def test_camt(raw: bytes, kind: str) -> None:
    file = read_bank_file(raw)

    assert file.format == kind
    assert short(file) == [
        ("50501055:A-1", "credit", "500.00", ("1000173",)),
        ("50501055:A-2", "credit", "750.00", ()),
        ("50501055:reversal:A-1", "reversal", "500.00", ("1000173",)),
    ]
    first, second, back = file.transactions
    assert first.payer_name == "Märta Öberg"
    assert first.payer_account == "SE3550000000054910000003"
    assert first.end_to_end_id == ""
    assert second.text == "faktura 2026-000418"
    assert (back.booked_on, back.is_reversal) == (date(2026, 11, 4), True)


def test_the_same_payment_has_one_key_in_notification_and_statement() -> None:
    keys = [[one.key for one in read_bank_file(raw).transactions] for raw in (CAMT054, CAMT053)]

    assert keys[0] == keys[1]


@pytest.mark.parametrize(
    ("raw", "old", "new", "code"),
    [
        (CAMT054, b'<Amt Ccy="SEK">750.00', b'<Amt Ccy="SEK">750.01', "entry_sum"),
        (CAMT054, b"<NbOfTxs>2", b"<NbOfTxs>3", "entry_count"),
        (CAMT054, b"<Sum>1349.00", b"<Sum>1348.00", "summary_sum"),
        (CAMT054, b"<NbOfNtries>3", b"<NbOfNtries>4", "summary_count"),
        (CAMT053, b"850.00", b"851.00", "balance"),
        (CAMT053, b"5050-1055", b"", "no_account"),
        (CAMT053, b"2026-11-03", b"2026-13-03", "bad_day"),
        (CAMT054, b"1250.00", b"-1250.00", "bad_amount"),
        (CAMT054, b"1250.00", b"NaN", "bad_amount"),
        (CAMT054, b"A-2", b"A-1", ""),
        (CAMT054, b"BkToCstmrDbtCdtNtfctn", b"CstmrCdtTrfInitn", "other_document"),
    ],
)
def test_a_broken_camt_file_is_refused_whole(raw: bytes, old: bytes, new: bytes, code: str) -> None:
    changed = raw.replace(old, new)
    if not code:
        # A number that two payments share is that of their batch: the content tells them apart.
        assert len({one.key for one in read_bank_file(changed).transactions}) == 3
        return
    with pytest.raises(BankFileError) as refused:
        read_bank_file(changed)

    assert refused.value.code == code
    assert refused.value.at.startswith("line ")


def test_entities_are_never_read() -> None:
    evil = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

    with pytest.raises(BankFileError) as refused:
        read_bank_file(evil + CAMT053.replace(b"Eva Lind", b"&x;"))

    assert refused.value.code == "doctype"


def test_swish() -> None:
    file = read_bank_file(SWISH)

    assert file.accounts == ("1234567890",)
    assert short(file) == [
        ("1234567890:AB12CD", "credit", "1234.50", ("1000173",)),
        ("1234567890:AB12CE", "credit", "10.00", ("133",)),
        ("1234567890:reversal:AB12CE", "reversal", "10.00", ("133",)),
    ]
    assert file.transactions[1].text == "tack; hej"
    assert file.key == f"swish_csv:1234567890:{file.sha256}"


@pytest.mark.parametrize(
    ("old", "new", "code", "at"),
    [
        (b"Summa;;;;1 234,50", b"Summa;;;;1 234,51", "totals", "row 6"),
        (b"1 234,50;1000173", b"mycket;1000173", "bad_amount", "row 3"),
        (b"Belopp;", b"Pengar;", "no_head", "row 1"),
        (b"2026-11-03", b"3 nov 2026", "bad_day", "row 5"),
        (b"AB12CE;133\n2026-11-03;123 456 78 90;46707654321;Eva Lind;-10,00;",
         b"AB12CD;133\n2026-11-03;123 456 78 90;46707654321;Eva Lind;-10,00;", "", ""),
    ],
)  # fmt: skip
def test_a_broken_report_is_refused_whole(old: bytes, new: bytes, code: str, at: str) -> None:
    changed = SWISH.replace(old, new)
    assert changed != SWISH
    if not code:
        assert len({one.key for one in read_bank_file(changed).transactions}) == 3
        return
    with pytest.raises(BankFileError) as refused:
        read_bank_file(changed)

    assert (refused.value.code, refused.value.at) == (code, at)


def test_equal_payments_without_a_number_stay_two_and_keep_their_keys() -> None:
    head = "Datum;Mottagarnummer;Belopp;Betalreferens"
    raw = f"{head}\n2026-11-02;123;10,00;\n2026-11-02;123;10,00;\n".encode()

    first, second = read_bank_file(raw).transactions
    assert first.key != second.key
    assert read_bank_file(raw).transactions == (first, second)
    assert first.amount == Decimal(10)


@given(st.sampled_from([BGMAX, CAMT054, SWISH]), st.data())
def test_no_damage_gives_anything_but_a_file_or_a_refusal(raw: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(raw) - 1))
    damage = data.draw(st.binary(max_size=4))
    changed = raw[:place] + damage + raw[place + data.draw(st.integers(0, 20)) :]

    try:
        file = read_bank_file(changed)
    except BankFileError:
        return
    keys = [one.key for one in file.transactions]
    assert len(set(keys)) == len(keys)
    assert all(one.amount >= 0 for one in file.transactions)


@given(st.binary(max_size=200))
@example(b"")
@example(b"<")
@example(b"01BGMAX")
def test_what_is_no_file_is_refused(raw: bytes) -> None:
    with pytest.raises(BankFileError):
        read_bank_file(raw)
