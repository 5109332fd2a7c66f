"""A real bridge, a small network, and its one operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection

from core.models import Operator
from core.tenancy.scopes import across_operators
from customers.models import IdToken
from stations.hardware.passwords import digest_password
from stations.models import Connector, Evse, Site, Station
from stations.ocpp.bridge.host import BridgeHost

T = TypeVar("T")

PASSWORD = "0123456789abcdef0123"


@dataclass
class Network:
    """Url of the bridge, and rows to look at."""

    url: str
    operator: Operator
    site: Site
    station: Station
    host: BridgeHost


@pytest.fixture
def operator(transactional_db: None) -> Operator:
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_ensure_partitions('2026-01-01', '2027-12-31')")
    return Operator.objects.create(name="Nordljus", slug="nordljus", party_id="NLJ")


def make_station(operator: Operator, site: Site, identity: str, *, evses: int = 2) -> Station:
    """A station with EVSEs 1..n and one connector each."""
    station = Station.objects.create(
        operator=operator,
        site=site,
        identity=identity,
        public_id=f"cs_{identity.lower()}",
        name=identity,
        security_profile=1,
        password_digest=digest_password(PASSWORD.encode(), settings.STATION_KEY),
    )
    for number in range(1, evses + 1):
        evse = Evse.objects.create(operator=operator, station=station, number=number)
        Connector.objects.create(operator=operator, evse=evse, number=1)
    return station


@pytest.fixture
def network(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    with across_operators("test set-up"):
        site = Site.objects.create(operator=operator, name="Norrtull", public_id="si_1")
        station = make_station(operator, site, "CP-1")
        IdToken.objects.create(operator=operator, uid="04A2B3C4")
        IdToken.objects.create(operator=operator, uid="BLOCKED1", status="blocked")
    monkeypatch.setattr(settings, "BRIDGE_PORT", -1)
    host = BridgeHost()
    host.start(30)
    assert host.runtime is not None
    port = host.runtime.ports[0]
    yield Network(f"ws://127.0.0.1:{port}/ocpp", operator, site, station, host)
    host.stop(15)


async def query(read: Callable[[], T]) -> T:
    """Run ORM code off the loop, for all operators, and leave no connection behind."""

    def work() -> T:
        try:
            with across_operators("tests look at everything"):
                return read()
        finally:
            connection.close()

    return await sync_to_async(work)()
