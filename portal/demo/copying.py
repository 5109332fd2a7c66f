"""Rows as text of PostgreSQL's COPY, and sending them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

_CHUNK = 5_000


def copy_rows(table: str, columns: str, rows: Iterable[Sequence[Any]]) -> int:
    """Load rows into a table of ours; returns how many. ``columns``: names with spaces
    between. Names come from code, never input."""
    count = 0
    names = ", ".join(columns.split())
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        lines: list[str] = []
        for row in rows:
            lines.append(line(row))
            count += 1
            if len(lines) >= _CHUNK:
                copy.write("".join(lines))
                lines.clear()
        copy.write("".join(lines))
    return count


def line(values: Sequence[Any]) -> str:
    """One row in COPY's text format."""
    return "\t".join([field(value) for value in values]) + "\n"


def field(value: Any) -> str:
    """One value in COPY's text format; dicts and lists become JSON."""
    kind = type(value)
    if value is None:
        return r"\N"
    if kind is int or kind is float or kind is Decimal:
        return str(value)
    if kind is datetime or kind is date:
        return str(value.isoformat())
    if kind is bool:
        return "t" if value else "f"
    text = str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def take_ids(sequence: str, count: int) -> list[int]:
    """``count`` fresh values of a sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]
