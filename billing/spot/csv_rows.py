"""Rows of CSV text with the separator found out (pure)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from billing.spot.facts import FileProblem

MOST_ROWS = 120_000
"""Three years of quarters of one zone."""


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of rows that are not empty; raises FileProblem for broken quotes."""
    header = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(";,\t", key=header.count)
    reader = csv.reader(
        io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator, strict=True
    )
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileProblem("bad_csv", line) from error
        if any(cell.strip() for cell in cells):
            count += 1
            if count > MOST_ROWS:
                raise FileProblem("too_many_rows", line, count=MOST_ROWS)
            yield line, [cell.strip() for cell in cells]
