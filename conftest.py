"""Gives every test run its own PostgreSQL and Valkey, before anything reads the settings.

One pair per run, started by the controlling process; each xdist worker has a database and a
Valkey of its own. ``DATABASE_URL`` and ``REDIS_URL`` from the environment are used instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import django
import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from core.collecting import calm_collector
from portal.embedded import scratch_servers
from tests.database import drop_copy, drop_template, name_template, use_copy

_running = ExitStack()
_OWN_SERVER = not os.environ.get("DATABASE_URL")
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _begin() -> None:
    os.environ["PORTAL_ENV"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    given = dict(os.environ)
    if _WORKER and os.environ.get("PORTAL_TEST_VALKEY") == "embedded":
        # Channels of publish and subscribe are shared by all databases of one server.
        given.pop("REDIS_URL", None)
    elif _WORKER:
        number = int(_WORKER.removeprefix("gw")) % 15 + 1
        given["REDIS_URL"] = urlsplit(given["REDIS_URL"])._replace(path=f"/{number}").geturl()
    elif not given.get("REDIS_URL"):
        os.environ["PORTAL_TEST_VALKEY"] = "embedded"
    pair = _running.enter_context(scratch_servers(given))
    os.environ.update(pair.urls)
    name_template()
    django.setup()
    calm_collector()  # as web and worker do
    settings.MEDIA_ROOT = Path(_running.enter_context(TemporaryDirectory(prefix="portal-media-")))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let workers begin without settings: pytest-django would load them at once, with the Valkey
    of this process, and all workers would count and clear in one cache."""
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure() -> None:
    """Stop the servers at the end of the run; a killed run is cleaned up by their keeper."""
    if not _WORKER and not _OWN_SERVER:
        drop_template()
    _running.close()


_begin()


def _let_flush_empty_protected_tables() -> None:
    """Tests that commit are flushed after; only then may append-only tables be emptied."""
    # Django has no public hook here, and its stubs leave the private one out.
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not in the stubs

    def flush_in_maintenance(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET portal.maintenance = 'on'")
        try:
            flush(case)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET portal.maintenance = 'off'")

    TransactionTestCase._fixture_teardown = flush_in_maintenance  # type: ignore[attr-defined]  # not in the stubs


_let_flush_empty_protected_tables()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """In place of pytest-django's: a copy of the run's migrated database."""
    name = f"test_{os.environ['PORTAL_TEST_TEMPLATE']}_{_WORKER or 'alone'}"
    with django_db_blocker.unblock():
        use_copy(name)
    yield
    with django_db_blocker.unblock():
        drop_copy(name)


# A busy machine makes the first draws of a strategy slow; that says nothing of the code.
hypothesis.settings.register_profile(
    "portal", suppress_health_check=[hypothesis.HealthCheck.too_slow], deadline=None
)
hypothesis.settings.load_profile("portal")


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request leaves the language of its reader behind; the next test begins without it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
