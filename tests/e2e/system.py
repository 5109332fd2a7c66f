"""The system that the journeys run against: its network, people and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.accounts.models import Operator, User
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from portal.tests.pages import Network
from stations.hardware.choices import ConnectorStatus
from stations.hardware.passwords import digest_password
from stations.models import Connector, Site, Station
from stations.ocpp.tests.charge_point import RawChargePoint, plug_in
from tests.factories.core import make_person
from tests.factories.customers import make_token
from tests.factories.stations import make_session, make_site, make_station

PERSON_PASSWORD = "olga-has-a-long-password"
STATION_PASSWORD = "0123456789abcdef0123"
CARD = "04A2B3C4"
FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "<script>document.title='owned'</script>"


@dataclass
class System:
    """Addresses of web and bridge, and rows to look for. Only sixten changes his settings."""

    web: str
    bridge: str
    operator: Operator
    olga: User
    vera: User
    sixten: User
    faulted: Station
    charger: Station
    rows: Network
    people: dict[Role, User]

    async def plug_in(self, station: Station) -> RawChargePoint:
        """A socket of ``station``, booted."""
        point = await plug_in(self.bridge, station.identity, STATION_PASSWORD)
        boot = {"chargePointVendor": "Nordljus", "chargePointModel": "Kvist 22"}
        await point.ask("BootNotification", boot)
        return point


def seed(web: str, bridge: str) -> System:
    """One operator with a faulted station, a charger, sessions and one row of everything."""
    rows = Network()
    operator = rows.operator
    city = make_site(
        operator=operator, name="Norrtull", city="Stockholm", latitude=59.35, longitude=18.04
    )
    olga = make_person(
        operator=operator,
        role=Role.OWNER,
        email="olga@nordljus.example",
        password=PERSON_PASSWORD,
        name="Olga Ohlsson",
        language="en",
    )
    vera, sixten = (
        make_person(operator=operator, role=role, email=email, password=PERSON_PASSWORD)
        for role, email in (
            (Role.VIEWER, "vera@nordljus.example"),
            (Role.SUPPORT, "sixten@nordljus.example"),
        )
    )
    make_token(operator=operator, uid=CARD)
    system = System(
        web=web,
        bridge=bridge,
        operator=operator,
        olga=olga,
        vera=vera,
        sixten=sixten,
        faulted=_station(city, "Norrtull Ek"),
        charger=_station(city, "Norrtull Lind", evses=2),
        rows=rows,
        people={
            **{role: make_person(operator=operator, role=role) for role in Role},
            Role.OWNER: olga,
        },
    )
    _fault(system.faulted)
    _sessions(system.rows.station)
    return system


def _station(site: Site, name: str, **fields: Any) -> Station:
    digest = digest_password(STATION_PASSWORD.encode(), settings.STATION_KEY)
    return make_station(
        site=site,
        name=name,
        password_digest=digest,
        hands_off=True,
        is_connected=False,
        **fields,
    )


def _fault(station: Station) -> None:
    with across_operators("tests make rows of any operator"):
        Connector.objects.filter(evse__station=station).update(
            status=ConnectorStatus.FAULTED, status_at=timezone.now(), error_code="GroundFailure"
        )


def _sessions(station: Station) -> None:
    """Sixty that ended, two of them with texts that mean harm, and one held."""
    now = timezone.now()
    for n in range(60):
        begun = now - timedelta(days=1, hours=n)
        token = {7: FORMULA, 8: MARKUP}.get(n, f"04CAFE{n:08X}")
        make_session(
            station=station,
            state="ended",
            public_id=f"ses_e2e{n:09d}",
            id_token=token,
            started_at=begun,
            stopped_at=begun + timedelta(minutes=50),
            energy_wh=7000 + 137 * n,
            is_held=n == 3,
        )
