"""One migrated database a run, of which every process of the run and every test server is a copy.

Migrating takes more than ten seconds; a copy takes a fraction of one. The first
who needs it makes it, under a lock of the server; it is named after the run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tests.migrated import dump_of, load

_NAME: Final = "PORTAL_TEST_TEMPLATE"
_LOCK: Final = 0x706F7274616C


def name_template() -> None:
    """Settle the name for this process and the workers it starts."""
    os.environ.setdefault(_NAME, f"portal_template_{os.getpid()}")


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    """The run's server, one visitor at a time."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as one:
        one.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        yield one


def _order(server: psycopg.Connection, order: str, *names: str) -> None:
    server.execute(sql.SQL(order).format(*map(sql.Identifier, names)))


@contextmanager
def _looking_at(name: str) -> Iterator[None]:
    """Django's connection on another database of the server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _migrate(server: psycopg.Connection, name: str) -> str:
    _order(server, "CREATE DATABASE {}", name)
    with _looking_at(name):
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    return _address(name)


def _address(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _make(server: psycopg.Connection) -> str:
    """The template's name; makes it where nobody did yet, from what migrations made before."""
    name = os.environ[_NAME]
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        return name
    fresh, unfinished = f"{name}_fresh", f"{name}_unfinished"
    dump = dump_of(lambda: _migrate(server, fresh))
    _order(server, "DROP DATABASE IF EXISTS {}", unfinished)
    _order(server, "CREATE DATABASE {}", unfinished)
    load(dump, _address(unfinished))
    _order(server, "DROP DATABASE IF EXISTS {}", fresh)
    _order(server, "ALTER DATABASE {} RENAME TO {}", unfinished, name)
    return name


def use_copy(name: str) -> None:
    """Make ``name`` anew and let Django work in it."""
    with _server() as server:
        template = _make(server)
        _order(server, "DROP DATABASE IF EXISTS {}", name)
        _order(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def drop_copy(name: str) -> None:
    """Remove a copy, whoever may still be connected."""
    connection.close()
    with _server() as server:
        _order(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def drop_template() -> None:
    """Remove the template, at the end of the run (a server of our own goes away anyway)."""
    with _server() as server:
        _order(server, "DROP DATABASE IF EXISTS {}", os.environ[_NAME])


def fill(address: str) -> None:
    """Fill an empty database of another server with what migrations make."""
    with _server() as server:
        _make(server)
        load(dump_of(lambda: _address(os.environ[_NAME])), address)
