"""What tests of the bridge share: a small network, payloads, looking at the database."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection

from core.models import Operator
from core.tenancy.scopes import across_operators
from stations.hardware.passwords import digest_password
from stations.models import Connector, Evse, FrameJournal, Site, Station, StationLink
from stations.ocpp.bridge.host import BridgeHost
from stations.ocpp.tests.charge_point import RawChargePoint, plug_in

T = TypeVar("T")

PASSWORD = "0123456789abcdef0123"
TOKEN = "04A2B3C4"
_numbers = itertools.count(1)


@dataclass
class Network:
    """Url of the bridge, and rows to look at. ``station`` is this test's own."""

    url: str
    operator: Operator
    site: Site
    station: Station
    host: BridgeHost

    async def plug_in(
        self, version: str = "ocpp1.6", station: Station | None = None
    ) -> RawChargePoint:
        """A socket of the test's station, or of another one."""
        return await plug_in(self.url, (station or self.station).identity, PASSWORD, version)

    async def connected(self, version: str = "ocpp1.6") -> RawChargePoint:
        """A socket whose connection is stored: before that nothing is sent to the station."""
        cp = await self.plug_in(version)
        await eventually(
            lambda: StationLink.objects.filter(station=self.station, is_connected=True).exists(),
            bool,
        )
        return cp

    async def another(self, **fields: Any) -> Station:
        """One more station on the same site."""
        return await query(lambda: make_station(self.operator, self.site, **fields))

    async def frames(self, **where: Any) -> list[FrameJournal]:
        """The journal of the test's station, oldest first."""
        return await query(
            lambda: list(
                FrameJournal.objects.filter(station_id=self.station.pk, **where).order_by("id")
            )
        )


def make_station(
    operator: Operator, site: Site, identity: str = "", *, evses: int = 2, **fields: Any
) -> Station:
    """A station with EVSEs 1..n and one connector each; hands off unless told otherwise."""
    n = next(_numbers)
    values = {
        "identity": identity or f"CP-{n}",
        "public_id": f"cs_test{n}",
        "name": f"Station {n}",
        "security_profile": 1,
        "password_digest": digest_password(PASSWORD.encode(), settings.STATION_KEY),
        "hands_off": True,
    } | fields
    with across_operators("tests make rows of any operator"):
        station: Station = Station.objects.create(operator=operator, site=site, **values)
        for number in range(1, evses + 1):
            evse = Evse.objects.create(operator=operator, station=station, number=number)
            Connector.objects.create(operator=operator, evse=evse, number=1)
    return station


async def query(read: Callable[[], T]) -> T:
    """Run ORM code off the loop, for all operators, and leave no connection behind."""

    def work() -> T:
        try:
            with across_operators("tests look at everything"):
                return read()
        finally:
            connection.close()

    return await sync_to_async(work)()


async def eventually(read: Callable[[], T], holds: Callable[[T], bool], seconds: float = 10) -> T:
    """What ``read`` gives as soon as it ``holds``."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        found = await query(read)
        if holds(found):
            return found
        assert asyncio.get_running_loop().time() < until, f"still {found!r}"
        await asyncio.sleep(0.05)


def start(meter: int = 1000, at: str = "2026-11-23T10:00:00Z", **more: Any) -> dict[str, Any]:
    """StartTransaction of 1.6."""
    return {"connectorId": 1, "idTag": TOKEN, "meterStart": meter, "timestamp": at} | more


def stop(
    transaction: object, meter: int = 8400, at: str = "2026-11-23T11:00:00Z", **more: Any
) -> dict[str, Any]:
    """StopTransaction of 1.6."""
    return {"transactionId": transaction, "meterStop": meter, "timestamp": at} | more


def samples(value: object, at: str = "2026-11-23T10:10:00Z", **more: Any) -> dict[str, Any]:
    """One meter value with one register."""
    return {"timestamp": at, "sampledValue": [{"value": value} | more]}


def event(
    kind: str, transaction: str, at: str = "2026-11-23T10:00:00Z", **more: Any
) -> dict[str, Any]:
    """TransactionEvent of 2.0.1 on EVSE 1."""
    info = {"transactionId": transaction} | more.pop("info", {})
    base = {
        "eventType": kind,
        "timestamp": at,
        "triggerReason": "Trigger",
        "seqNo": 0,
        "transactionInfo": info,
        "evse": {"id": 1, "connectorId": 1},
    }
    return {name: value for name, value in (base | more).items() if value is not None}
