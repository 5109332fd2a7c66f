"""The plan of the demo network: pure and seeded, so that it is the same everywhere (pure).

``build_plan`` gives sites, stations, EVSEs and id tokens as frozen dataclasses; positions
are those of real towns, moved a few hundred metres within the town.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from portal.demo.cards import DemoToken, build_tokens
from portal.demo.catalogue import (
    MAKES,
    OPERATORS,
    POWER_LIMIT_W,
    STATIONS,
    STREETS,
    Make,
    OperatorCard,
    Place,
    SiteKind,
    Socket,
)
from portal.demo.towns import Town, towns

DEFAULT_SEED: Final = 2026
TIME_ZONE: Final = "Europe/Stockholm"
_SPREAD_DEGREES = 0.009  # about a kilometre north-south, half of it east-west
_IDENTITY_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: read over the phone


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEvse:
    """One EVSE. ``connector_types`` are OCPI names; more than one share the EVSE."""

    number: int
    public_id: str
    max_power_w: int
    is_dc: bool
    connector_types: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoStation:
    """One station; ``identity`` is its name on the socket, not derivable from public ids."""

    identity: str
    public_id: str
    name: str
    make: Make
    firmware_version: str
    serial_number: str
    commissioned_on: date
    evses: tuple[DemoEvse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSite:
    """One site with its stations; ``popularity`` scales how often cars come."""

    public_id: str
    name: str
    kind: SiteKind
    address: str
    postal_code: str
    town: Town
    latitude: float
    longitude: float
    power_limit_w: int
    commissioned_on: date
    popularity: float
    stations: tuple[DemoStation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOperator:
    """One tenant with its sites and the tokens it issued."""

    name: str
    slug: str
    party_id: str
    sites: tuple[DemoSite, ...]
    tokens: tuple[DemoToken, ...]

    @property
    def stations(self) -> list[DemoStation]:
        """All stations in order of sites."""
        return [station for site in self.sites for station in site.stations]


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """The whole network."""

    seed: int
    today: date
    operators: tuple[DemoOperator, ...]


def build_plan(*, seed: int = DEFAULT_SEED, today: date) -> DemoPlan:
    """The plan for ``seed``; dates count back from ``today``. Same input, same plan."""
    operators = tuple(_operator(card, seed, today) for card in OPERATORS)
    return DemoPlan(seed, today, operators)


def _operator(card: OperatorCard, seed: int, today: date) -> DemoOperator:
    rng = random.Random(f"{seed}:{card.slug}:network")
    sites: list[DemoSite] = []
    number = 0
    for place in card.places:
        site = _site(rng, card, place, number, today)
        number += len(site.stations)
        sites.append(site)
    share = len(card.places) / sum(len(other.places) for other in OPERATORS)
    return DemoOperator(
        name=card.name,
        slug=card.slug,
        party_id=card.party_id,
        sites=tuple(sites),
        tokens=build_tokens(
            random.Random(f"{seed}:{card.slug}:tokens"), round(300 * share), card.party_id, today
        ),
    )


def _site(
    rng: random.Random, card: OperatorCard, place: Place, first: int, today: date
) -> DemoSite:
    town = towns()[place.town]
    commissioned_on = today - timedelta(days=rng.randint(200, 1500))
    name = f"{place.town} {place.sign}"
    makes = [MAKES[key] for key in STATIONS[place.kind]]
    stations = tuple(
        _station(rng, card, make, f"{name} {at + 1}", first + at + 1, commissioned_on)
        for at, make in enumerate(makes)
    )
    return DemoSite(
        public_id=public_id(rng, "site"),
        name=name,
        kind=place.kind,
        address=f"{rng.choice(STREETS)} {rng.randint(1, 68)}",
        postal_code=f"{place.postal_area} {rng.randint(20, 69)}",
        town=town,
        latitude=round(town.latitude + rng.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES), 6),
        longitude=round(town.longitude + rng.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES), 6),
        power_limit_w=POWER_LIMIT_W[place.kind],
        commissioned_on=commissioned_on,
        popularity=round(rng.uniform(0.7, 1.3), 2),
        stations=stations,
    )


def _station(
    rng: random.Random, card: OperatorCard, make: Make, name: str, number: int, opened_on: date
) -> DemoStation:
    identity = "".join(rng.choice(_IDENTITY_SIGNS) for _ in range(12))
    return DemoStation(
        identity=f"CP-{identity[:4]}-{identity[4:8]}-{identity[8:]}",
        public_id=public_id(rng, "cs"),
        name=name,
        make=make,
        firmware_version=rng.choice(make.firmwares),
        serial_number=f"{make.model[:2].upper()}{rng.randint(10**7, 10**8 - 1)}",
        commissioned_on=opened_on + timedelta(days=rng.choice((0, 0, 0, 0, 90, 150))),
        evses=tuple(
            _evse(card, make, socket, number, at + 1) for at, socket in enumerate(make.sockets)
        ),
    )


def _evse(card: OperatorCard, make: Make, socket: Socket, station: int, number: int) -> DemoEvse:
    return DemoEvse(
        number=number,
        public_id=f"SE*{card.party_id}*E{station:06d}*{number}",
        max_power_w=socket.max_power_w,
        is_dc=make.dc,
        connector_types=socket.connector_types,
    )


def public_id(rng: random.Random, prefix: str) -> str:
    """A short prefixed id such as ``cs_4m2kq7xw9dpa``."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return f"{prefix}_" + "".join(rng.choice(signs) for _ in range(12))
