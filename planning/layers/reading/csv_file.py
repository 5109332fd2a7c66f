"""CSV: any usual separator and encoding, decimal points or commas (pure)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Final

from core.imports.decoding import EncodingError, decode
from planning.layers.reading.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    FileError,
    FileRow,
    Table,
    need_rows,
    plain,
)

SEPARATORS: Final = {";": ";", ",": ",", "\t": "tab", "|": "|"}
_SAMPLE: Final = 20


def read_csv(raw: bytes) -> Table:
    """The table of a CSV file. Raises FileError."""
    try:
        text, encoding = decode(raw)
    except EncodingError as error:
        raise FileError(error.code) from error
    separator = _separator(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    heads: list[str] = []
    rows: list[FileRow] = []
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if not heads:
                heads = _heads(cells)
                continue
            named = dict(zip(heads, map(plain, cells), strict=False))
            rows.append(FileRow(lines.line_num, named))
            if len(rows) > MOST_ROWS:
                break
    except csv.Error as error:
        raise FileError("not_csv", line=lines.line_num) from error
    if not heads:
        raise FileError("empty_file")
    need_rows(len(rows))
    return Table(tuple(heads), tuple(rows), f"CSV, {_written(encoding)}, “{SEPARATORS[separator]}”")


def _written(encoding: str) -> str:
    """The name as people write it."""
    return encoding.upper() if encoding.startswith("utf") else encoding.capitalize()


def _separator(text: str) -> str:
    """The one that cuts most rows of the beginning into the same number of cells, above one."""
    lines = [line for line in text[:50_000].splitlines() if line.strip()][:_SAMPLE]

    def score(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
        width, often = max(widths.items(), key=lambda one: (one[0] > 1, one[1], one[0]))
        return (often if width > 1 else 0), width

    try:
        return max(SEPARATORS, key=score) if lines else ","
    except csv.Error:
        return ","


def _heads(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise FileError("too_many_columns", count=MOST_COLUMNS)
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split())[:100] or f"column_{number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names
