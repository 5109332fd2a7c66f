"""Reading an uploaded file, CSV or XLSX, by what it is and not by what it is called."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from typing import Final

from django.utils.translation import gettext as _

from core.imports.decoding import EncodingError, decode
from core.imports.sheet import MOST_BYTES, Sheet, UnreadableFile, head_of, sheet_of
from core.imports.workbook import is_workbook, workbook_rows
from core.lists.cells import defused

SEPARATORS: Final = {";": ";", ",": ",", "\t": "tab"}
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


def read(raw: bytes, known: Collection[str]) -> Sheet:
    """The table in a file; ``known`` names of columns help to tell the separator.

    Raises UnreadableFile with a sentence that says what to do.
    """
    if len(raw) > MOST_BYTES:
        raise UnreadableFile(
            "file_too_large",
            _("The file is larger than %(size)s MB; split it.") % {"size": MOST_BYTES // 10**6},
        )
    if raw.startswith(_OLD_EXCEL):
        raise UnreadableFile(
            "old_excel", _("This is an old Excel file (.xls) or protected; save it as .xlsx.")
        )
    if is_workbook(raw):
        return sheet_of(workbook_rows(raw), "XLSX")
    try:
        text, encoding = decode(raw)
    except EncodingError as error:
        raise UnreadableFile(error.code, _encoding_words(error.code)) from error
    return _read_csv(text, encoding, known)


def _encoding_words(code: str) -> str:
    if code == "broken_before":
        return _(
            "Letters such as å, ä, ö were broken before the file was saved (they read “Ã¥”). "
            "Export it again from where it comes, as UTF-8."
        )
    if code == "not_text":
        return _("This is no CSV and no XLSX file: it holds characters that no text has.")
    return _(
        "The encoding is not UTF-8, UTF-16 or Windows-1252, so letters would come out wrong. "
        "Save the file as “CSV UTF-8”."
    )


def _read_csv(text: str, encoding: str, known: Collection[str]) -> Sheet:
    first, _end, rest = text.partition("\n")
    separator, offset = "", 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        separator, text, offset = first.strip()[4], rest, 1
    separator = separator or _separator(text, known)
    origin = f"CSV, {encoding}, {SEPARATORS.get(separator, separator)}"
    return sheet_of(_csv_rows(text, separator, offset), origin)


def _separator(text: str, known: Collection[str]) -> str:
    """The one that yields the most known columns, then the most columns."""
    names = {name.casefold() for name in known}

    def score(separator: str) -> tuple[int, int]:
        header = next(iter(csv.reader(io.StringIO(text), delimiter=separator)), [])
        found = [head_of(cell).name.casefold() for cell in header]
        return len(names.intersection(found)), len(found)

    try:
        return max(SEPARATORS, key=score)
    except csv.Error:
        return ";"


def _csv_rows(text: str, separator: str, offset: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(
                "bad_csv",
                _("The quotes in or after line %(line)s do not match: %(why)s")
                % {"line": number + offset, "why": error},
            ) from error
        yield number + offset, [_as_it_was(cell) for cell in cells]
        number = reader.line_num + 1


def _as_it_was(cell: str) -> str:
    """Without the apostrophe that an export put before what looked like a formula."""
    return cell[1:] if cell.startswith("'") and defused(cell[1:]) == cell else cell
