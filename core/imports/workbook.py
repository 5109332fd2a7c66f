"""Reading XLSX: the first sheet as texts, guarded against archives made to exhaust us."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

import openpyxl
from django.utils.translation import gettext as _

from core.imports.sheet import MOST_COLUMNS, MOST_ROWS, UnreadableFile

MOST_UNPACKED: Final = 60_000_000
MOST_PARTS: Final = 400
MOST_RATIO: Final = 200
_HEAD: Final = b"PK\x03\x04"
_ERRORS: Final = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def is_workbook(raw: bytes) -> bool:
    """Whether the bytes are a zip archive, as XLSX is."""
    return raw.startswith(_HEAD)


def workbook_rows(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet that has any. Raises UnreadableFile."""
    _guard(raw)
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except Exception as error:  # the library raises whatever the archive makes it raise
        raise _unreadable() from error
    try:
        yield from _rows(book)
    finally:
        book.close()


def _rows(book: Any) -> Iterator[tuple[int, list[str]]]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what the file says of its size may be a lie
        found = False
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1000, max_col=MOST_COLUMNS + 1, values_only=True)
        number = 0
        while True:
            number += 1
            try:
                values = next(rows, None)
            except Exception as error:  # see above
                raise _unreadable() from error
            if values is None:
                break
            cells = [_text(value) for value in values]
            found = found or any(cells)
            yield number, cells
        if found:
            return


def _guard(raw: bytes) -> None:
    """Refuse an archive of very many or very large parts, and XML with definitions of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if (
                len(parts) > MOST_PARTS
                or unpacked > MOST_UNPACKED
                or unpacked > max(len(raw), 100_000) * MOST_RATIO
            ):
                raise UnreadableFile(
                    "unpacks_too_large",
                    _("The workbook unpacks to far more than its size; it is not read."),
                )
            for part in parts:
                _guard_part(archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _unreadable() from error


def _guard_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No more than was declared, and no document type (expansion of entities)."""
    seen = 0
    with archive.open(part) as file:
        while chunk := file.read(262_144):
            if seen == 0 and b"<!DOCTYPE" in chunk[:4096].upper():
                raise _unreadable()
            seen += len(chunk)
            if seen > part.file_size:
                raise _unreadable()


def _unreadable() -> UnreadableFile:
    return UnreadableFile(
        "bad_workbook", _("The workbook cannot be read. Open it, save it as .xlsx, try again.")
    )


def _text(value: Any) -> str:
    """A cell as the text that the same value has in a CSV export."""
    if value is None or value in _ERRORS:
        return "" if value is None else str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
