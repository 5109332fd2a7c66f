"""One real bridge a module, and a station of its own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker

from core.models import Operator
from core.tenancy.scopes import across_operators
from customers.models import IdToken
from stations.models import Site
from stations.ocpp.bridge.host import BridgeHost
from tests.ocpp.support import TOKEN, Network, make_station

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here commits; the database is made although none asks for it by name."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture
def _django_db_helper(database: None) -> None:
    """In place of emptying the database after each test: once a module is enough here."""


@contextmanager
def running_bridge(name: str = "bridge1", **changes: object) -> Iterator[BridgeHost]:
    """A bridge of this process on a free port."""
    with pytest.MonkeyPatch.context() as patch:
        values = {"BRIDGE_PORT": -1, "BRIDGE_NAME": name} | changes
        for setting, value in values.items():
            patch.setattr(settings, setting, value)
        host = BridgeHost()
        host.start(30)
        try:
            yield host
        finally:
            host.stop(15)


def url_of(host: BridgeHost, position: int = 0, scheme: str = "ws") -> str:
    """Where a bridge listens."""
    assert host.runtime is not None
    return f"{scheme}://127.0.0.1:{host.runtime.ports[position]}/ocpp"


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database open for a whole module, emptied at its end."""
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("SELECT portal_ensure_partitions('2026-01-01', '2027-12-31')")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET portal.maintenance = 'on'")
        _empty()
        connections.close_all()


def _empty() -> None:
    """Empty all tables; once more where a bridge, on a busy machine, still wrote its last word."""
    for _ in range(3):
        with suppress(CommandError):
            call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
            return
    raise RuntimeError("The tables could not be emptied.")


@pytest.fixture(scope="module")
def operator(database: None) -> Operator:
    found: Operator = Operator.objects.create(name="Nordljus", slug="nordljus", party_id="NLJ")
    return found


@pytest.fixture(scope="module")
def site(operator: Operator) -> Site:
    with across_operators("test set-up"):
        found: Site = Site.objects.create(operator=operator, name="Norrtull", public_id="si_1")
        IdToken.objects.create(operator=operator, uid=TOKEN)
        IdToken.objects.create(operator=operator, uid="BLOCKED1", status="blocked")
    return found


@pytest.fixture(scope="module")
def host(site: Site) -> Iterator[BridgeHost]:
    with running_bridge() as started:
        yield started


@pytest.fixture
def network(host: BridgeHost, operator: Operator, site: Site) -> Network:
    return Network(url_of(host), operator, site, make_station(operator, site), host)
