"""Sites, stations, EVSEs, connectors and sessions for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.accounts.models import Operator, User
from core.accounts.permissions import Role
from core.tenancy.scopes import across_operators
from stations.hardware.models import Connector, Evse, Station, StationLink
from stations.sessions.models import Session, SessionState
from stations.sites.models import MembershipSite, Site
from tests.factories.core import make_operator, make_person, number

_WHY = "tests make rows of any operator"


def make_site(*, operator: Operator | None = None, **fields: Any) -> Site:
    """A site; of a new operator unless one is given."""
    n = number()
    values = {"name": f"Site {n}", "public_id": f"site_{n}"} | fields
    with across_operators(_WHY):
        site: Site = Site.objects.create(operator=operator or make_operator(), **values)
    return site


def make_station(
    *,
    site: Site | None = None,
    operator: Operator | None = None,
    evses: int = 1,
    is_connected: bool = True,
    ocpp_version: str = "1.6",
    **fields: Any,
) -> Station:
    """A station with its link and ``evses`` EVSEs of one connector each."""
    n = number()
    with across_operators(_WHY):
        place = site or make_site(operator=operator)
        values = {"identity": f"CP-{n}", "public_id": f"cs_{n}", "name": f"Station {n}"} | fields
        station: Station = Station.objects.create(operator=place.operator, site=place, **values)
        StationLink.objects.create(
            station=station,
            generation=1,
            is_connected=is_connected,
            bridge="bridge1" if is_connected else "",
            ocpp_version=ocpp_version,
        )
        for position in range(1, evses + 1):
            make_evse(station=station, number=position)
    return station


def make_limited_member(
    *sites: Site, operator: Operator, role: str = Role.VIEWER, **fields: Any
) -> User:
    """A member who works with ``sites`` alone, be it none."""
    person = make_person(operator=operator, role=role, **fields)
    with across_operators(_WHY):
        membership = person.memberships.get()
        person.memberships.update(is_limited=True)
        for site in sites:
            MembershipSite.objects.create(operator=operator, membership=membership, site=site)
    return person


def make_evse(*, station: Station, **fields: Any) -> Evse:
    """An EVSE with one connector."""
    with across_operators(_WHY):
        values = {"number": 1, "public_id": f"SE*ABC*E{number():06}"} | fields
        evse: Evse = Evse.objects.create(operator=station.operator, station=station, **values)
        Connector.objects.create(operator=station.operator, evse=evse, number=1)
    return evse


def make_session(*, station: Station, **fields: Any) -> Session:
    """A session that charges at EVSE 1 unless told."""
    n = number()
    with across_operators(_WHY):
        values = {
            "public_id": f"ses_{n}",
            "ocpp_version": "1.6",
            "ocpp_transaction_id": str(100_000 + n),
            "state": SessionState.ACTIVE,
            "evse": station.evses.order_by("number").first(),
            "evse_number": 1,
            "connector_number": 1,
            "id_token": "CAFE0001",
            "started_at": datetime(2026, 5, 1, 8, 0, tzinfo=UTC),
        } | fields
        session: Session = Session.objects.create(
            operator=station.operator, station=station, **values
        )
    return session
