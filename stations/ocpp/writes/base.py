"""What every kind of write has: a place in the order, and one way to apply many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Protocol

import orjson


class Rows(Protocol):
    """What a statement gives."""

    def fetchall(self) -> Sequence[Sequence[Any]]:
        """All rows."""
        ...

    def fetchone(self) -> Sequence[Any] | None:
        """The first row, if there is one."""
        ...


class Cursor(Protocol):
    """Takes statements; their rows can be read at once or, which is cheaper, after more of them."""

    def execute(self, query: str, params: Sequence[Any] = ..., /) -> Rows:
        """Put a statement on its way."""
        ...


class Write:
    """One change that a message asks for. Subclasses are small data classes.

    ``order``: kinds are applied in ascending order, so that two bridges take their row
    locks in the same sequence. ``apply`` gets all writes of its kind in one batch and runs
    a constant number of statements.
    """

    __slots__ = ()
    order: ClassVar[int] = 50

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Write the whole batch; fill results on its members."""
        raise AssertionError(f"{cls.__name__} does not say how it is written")


def columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into columns for ``unnest``; ``width`` columns even without rows."""
    if not rows:
        return [[] for _ in range(width)]
    return [list(column) for column in zip(*rows, strict=True)]


def recordset(types: Mapping[str, str]) -> str:
    """SQL of a row set named ``u`` that comes as one JSON parameter (see ``records``).

    One text parameter costs a fraction of a column array each: psycopg formats arrays in
    Python, value by value.
    """
    declared = ", ".join(f"{name} {kind}" for name, kind in types.items())
    return f"json_to_recordset(%s::json) AS u({declared})"


def records(names: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as the JSON text that ``recordset`` reads; decimals travel as text."""
    keys = tuple(names)
    objects = [dict(zip(keys, row, strict=True)) for row in rows]
    return orjson.dumps(objects, default=_plain).decode()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)


def insertion(table: str, types: Mapping[str, str]) -> str:
    """SQL that appends rows given as ``records``.

    Not COPY, although COPY is cheaper in the server: it cannot be part of a pipeline, and on
    a busy machine a round trip costs more than the parsing of a batch.
    """
    names = ", ".join(types)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM {recordset(types)}"  # noqa: S608 - names of ours


def insert_rows(
    cursor: Cursor, statement: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]
) -> None:
    """Append rows by a statement of ``insertion``; does nothing without rows."""
    rows = list(rows)
    if rows:
        cursor.execute(statement, [records(types, rows)])
