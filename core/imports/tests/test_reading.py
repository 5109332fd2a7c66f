"""Reading files: encodings, separators, quotes, sheets, and archives that mean harm."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports.decoding import EncodingError, decode
from core.imports.reading import read
from core.imports.sheet import MOST_BYTES, MOST_ROWS, Sheet, UnreadableFile
from core.lists.cells import cell

KNOWN = ("name", "city", "latitude")
TEXT = "name;city\r\nÅsa garage;Skövde\r\n"


def rows(sheet: Sheet) -> list[list[str]]:
    return [line.cells for line in sheet.lines]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("cp1252", "windows-1252"),
    ],
)  # fmt: skip
def test_encodings_are_recognised(encoding: str, told: str) -> None:
    sheet = read(TEXT.encode(encoding), KNOWN)

    assert rows(sheet) == [["Åsa garage", "Skövde"]]
    assert sheet.origin == f"CSV, {told}, ;"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("name\nSkövde\n".encode("cp437"), "other_encoding"),
        ("name\nSkåne\n".encode("mac-roman"), "other_encoding"),
        ("name\nSkÃ¶vde\n".encode(), "broken_before"),
        (b"name\n\x00\x01\x02", "not_text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
        (b"name\n\x81\x8d", "other_encoding"),
    ],
)
def test_other_encodings_give_a_clear_error(raw: bytes, code: str) -> None:
    with pytest.raises(EncodingError) as error:
        decode(raw)

    assert error.value.code == code


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators_are_recognised(separator: str) -> None:
    text = f'name{separator}city{separator}latitude\n"A{separator} B"{separator}C{separator}1\n'

    assert rows(read(text.encode(), KNOWN)) == [[f"A{separator} B", "C", "1"]]


def test_excels_own_line_about_the_separator_is_understood() -> None:
    sheet = read(b"sep=;\r\nname;city\r\nA;B\r\n", KNOWN)

    assert [(line.number, line.cells) for line in sheet.lines] == [(3, ["A", "B"])]


def test_lines_are_counted_as_an_editor_does_and_empty_ones_skipped() -> None:
    sheet = read(b'name;city\n"two\nlines";X\n\n;\nlast;Y\n', KNOWN)

    assert [(line.number, line.cells[0]) for line in sheet.lines] == [
        (2, "two\nlines"), (6, "last"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty_file"), (b"\n\n", "empty_file"), (b"name;city\n", "no_rows"),
        (b"name;NAME\nA;B\n", "column_twice"), (b"name;;city\nA;B;C\n", "nameless_column"),
        (b'name;city\n"open;B\n', "bad_csv"), (b"PK\x03\x04nonsense", "bad_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old_excel"), (b"a" * (MOST_BYTES + 1), "file_too_large"),
        (b"name\n" + b"A\n" * (MOST_ROWS + 1), "too_many_rows"),
        (b";".join(b"c%d" % n for n in range(101)) + b"\nA", "too_many_columns"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_said_so(raw: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as error:
        read(raw, KNOWN)

    assert error.value.code == code
    assert error.value.message


def workbook(*lines: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)  # type: ignore[union-attr]  # it has a sheet
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_reads_like_the_same_csv() -> None:
    at = datetime(2026, 7, 1, 12, 30)  # noqa: DTZ001 - sheets know no zones
    raw = workbook(
        ["name", "at (Europe/Stockholm)", "n", "flag"], ["Å", at, 55.5, True], ["B", None, 7.0]
    )

    sheet = read(raw, KNOWN)

    assert [(head.name, head.zone) for head in sheet.heads][1] == ("at", "Europe/Stockholm")
    assert rows(sheet) == [["Å", "2026-07-01 12:30:00", "55.5", "true"], ["B", "", "7", ""]]
    assert sheet.origin == "XLSX"


def archive(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return out.getvalue()


def test_archives_that_unpack_to_far_more_are_not_unpacked() -> None:
    with pytest.raises(UnreadableFile) as error:
        read(archive("xl/worksheets/sheet1.xml", b"0" * 70_000_000), KNOWN)

    assert error.value.code == "unpacks_too_large"


def test_a_document_type_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'

    with pytest.raises(UnreadableFile) as error:
        read(archive("xl/workbook.xml", bomb), KNOWN)

    assert error.value.code == "bad_workbook"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_what_an_export_defused_comes_back_as_it_was(text: str) -> None:
    quoted = '"' + cell(text).replace('"', '""') + '"'

    with suppress(UnreadableFile):  # a text may be one that had been broken before
        sheet = read(f"name,city\n{quoted},x\n".encode("utf-8-sig"), KNOWN)
        assert rows(sheet)[0][0] == text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(UnreadableFile):
        assert read(raw, KNOWN).lines
