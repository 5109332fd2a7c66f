"""Database connections of threads that are not a web request, and statements planned once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from django.db import connection, connections

# Django's connections say None, which turns preparing off even where it is asked for.
_ONLY_WHEN_ASKED: Final = sys.maxsize


def release_connections() -> None:
    """Give this thread's idle connections back to the pool, and drop broken ones.

    Django's ``close_old_connections`` without its trap: a connection inside ``atomic`` stays.
    """
    for one in connections.all(initialized_only=True):
        if not one.in_atomic_block:
            one.close_if_unusable_or_obsolete()


class _PreparedCursor(psycopg.Cursor[tuple[Any, ...]]):
    """Has the server prepare each statement, which Django's own cursors never do."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> _PreparedCursor:
        """Run ``query`` as a prepared statement."""
        return super().execute(query, params, prepare=True)


def _preparing(session: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """The connection, able to prepare and told to keep one plan for all values: left to itself
    the server plans anew each time that it hopes to gain from the values."""
    if session.prepare_threshold is None:
        session.execute("SET plan_cache_mode = force_generic_plan")
        session.prepare_threshold = _ONLY_WHEN_ASKED
    return session


def prepared(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows of a statement that this connection plans once and keeps.

    For statements of hot paths whose planning costs more than their work. Errors are Django's,
    and the statement counts among the connection's queries like any other.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        raw = _PreparedCursor(_preparing(connection.connection))
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(raw) as cursor:  # type: ignore[arg-type]  # a cursor of psycopg
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
