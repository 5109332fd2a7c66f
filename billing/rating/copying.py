"""Rows into a table by COPY: many rows cost little more than their text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from json import dumps
from typing import Any, Final

from django.db import connection
from django.db.models import JSONField, Model
from psycopg import sql

_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_models(model: type[Model], objects: Sequence[Model]) -> None:
    """Insert new ``objects`` of one model with ids of its sequence, as ``bulk_create`` does."""
    if not objects:
        return
    fields = model._meta.concrete_fields
    key, table = fields[0], model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, key.column, len(objects)],
        )
        for one, (pk,) in zip(objects, cursor.fetchall(), strict=True):
            one.pk = pk
    shapes = [(field.attname, isinstance(field, JSONField)) for field in fields]
    copy_rows(
        table,
        [field.column or "" for field in fields],
        [
            [
                dumps(getattr(one, name)) if is_json else getattr(one, name)
                for name, is_json in shapes
            ]
            for one in objects
        ],
    )
    for one in objects:
        one._state.adding, one._state.db = False, connection.alias


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert ``rows`` in the caller's transaction; triggers and constraints see them all.

    Takes texts, numbers, truth values, aware instants and None.
    """
    lines = "".join("\t".join(map(_cell, row)) + "\n" for row in rows)
    if not lines:
        return
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        connection.connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        copy.write(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
