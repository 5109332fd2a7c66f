"""SIE files as they are read: what is broken is told by line."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.exports.sie_reader import SieFile, SieRow, read_sie
from billing.accounting.exports.sie_text import Field, checksum
from billing.accounting.tests.journal import (
    DAY,
    JOURNAL,
    D,
    few,
    written,
)
from billing.problem import MoneyProblem

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
