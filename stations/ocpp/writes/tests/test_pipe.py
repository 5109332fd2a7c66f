"""A transaction whose statements travel together: rows, errors, and the connection afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connection as django_connection

from stations.ocpp.bridge.host import dsn
from stations.ocpp.writes.base import Cursor
from stations.ocpp.writes.pipe import Pipe

pytestmark = pytest.mark.django_db

KEEP = "INSERT INTO kept (number, text) VALUES (%s, %s)"
KEPT = "SELECT number, text FROM kept ORDER BY number"


@pytest.fixture
def connection() -> Iterator[psycopg.Connection[Any]]:
    django_connection.ensure_connection()
    with psycopg.connect(dsn(), autocommit=True) as one:
        one.execute("CREATE TEMPORARY TABLE kept (number int PRIMARY KEY, text text)")
        yield one


@pytest.fixture
def pipe(connection: psycopg.Connection[Any]) -> Pipe:
    return Pipe(connection)


def keep(pipe: Pipe, *numbers: int) -> None:
    def work(cursor: Cursor) -> None:
        for number in numbers:
            cursor.execute(KEEP, [number, f"row {number}"])

    pipe.transact(work)


def kept(connection: psycopg.Connection[Any]) -> list[int]:
    return [row[0] for row in connection.execute(KEPT)]


def test_rows_come_as_python_values_in_whatever_order_they_are_read(pipe: Pipe) -> None:
    at = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)
    found: list[Any] = []

    def work(cursor: Cursor) -> None:
        first = cursor.execute(
            "SELECT %s::timestamptz, %s::numeric, %s::text, %s::jsonb, %s::boolean",
            [at, Decimal("1.50"), None, '{"a": [1]}', True],
        )
        second = cursor.execute("SELECT x FROM unnest(%s::bigint[]) x", [[3, 1, 2**40]])
        found.append(second.fetchall())
        found.append(first.fetchone())
        found.append(cursor.execute("SELECT 1 WHERE false").fetchone())

    pipe.transact(work)

    assert found == [
        [(3,), (1,), (2**40,)],
        (at, Decimal("1.50"), None, {"a": [1]}, True),
        None,
    ]


def test_an_error_undoes_all_and_names_the_first_statement_that_failed(
    pipe: Pipe, connection: psycopg.Connection[Any]
) -> None:
    keep(pipe, 1)

    with pytest.raises(psycopg.errors.UniqueViolation):
        keep(pipe, 2, 1, 3)
    keep(pipe, 4)

    assert kept(connection) == [1, 4]


def test_an_error_of_a_statement_that_is_new_leaves_nothing_behind(
    pipe: Pipe, connection: psycopg.Connection[Any]
) -> None:
    def work(cursor: Cursor) -> None:
        cursor.execute(KEEP, [1, "one"])
        cursor.execute("SELECT nothing_like_this").fetchall()

    for _ in range(2):
        with pytest.raises(psycopg.errors.UndefinedColumn):
            pipe.transact(work)
    keep(pipe, 2)

    assert kept(connection) == [2]


def test_however_many_transactions_fail_the_next_one_is_committed(
    pipe: Pipe, connection: psycopg.Connection[Any]
) -> None:
    for n in range(12):
        with pytest.raises(psycopg.errors.UniqueViolation):
            keep(pipe, 100 + n, 100 + n)
        for _ in range(2):  # beside the pipe, as messages are parked
            with connection.transaction():
                connection.execute("SELECT count(*) FROM kept")
        keep(pipe, n)

    assert kept(connection) == list(range(12))


def test_what_the_work_itself_raises_undoes_it(
    pipe: Pipe, connection: psycopg.Connection[Any]
) -> None:
    def work(cursor: Cursor) -> None:
        cursor.execute(KEEP, [1, "one"])
        cursor.execute(KEEP, [2, "\x00"])

    with pytest.raises(psycopg.DataError):
        pipe.transact(work)
    keep(pipe, 3)

    assert kept(connection) == [3]


def test_large_values_in_both_directions_do_not_block(pipe: Pipe) -> None:
    large = "x" * 3_000_000
    lengths: list[int] = []

    def work(cursor: Cursor) -> None:
        replies = [cursor.execute("SELECT %s::text", [large]) for _ in range(6)]
        lengths.extend(len(row[0]) for reply in replies for row in reply.fetchall())

    pipe.transact(work)

    assert lengths == [3_000_000] * 6


def test_a_lost_server_is_an_operational_error(
    pipe: Pipe, connection: psycopg.Connection[Any]
) -> None:
    keep(pipe, 1)
    with psycopg.connect(dsn(), autocommit=True) as other:
        pid = connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 30000)", [pid])

    with pytest.raises(psycopg.OperationalError):
        keep(pipe, 2)
