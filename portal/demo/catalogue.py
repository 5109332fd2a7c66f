"""What the demo network is made of: operators, places, makes of stations (pure, invented)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class SiteKind(Enum):
    """What a site is for; decides its stations and its rhythm."""

    CORRIDOR = "corridor"
    SHOPPING = "shopping"
    STREET = "street"
    WORKPLACE = "workplace"
    HOME = "home"
    HOTEL = "hotel"


@dataclass(frozen=True, slots=True)
class Socket:
    """One EVSE of a make: its connector types (OCPI names) and greatest power."""

    connector_types: tuple[str, ...]
    max_power_w: int


@dataclass(frozen=True, slots=True)
class Make:
    """A make of station. ``dc`` stations have fixed cables."""

    vendor: str
    model: str
    ocpp_version: str
    firmwares: tuple[str, ...]
    sockets: tuple[Socket, ...]
    dc: bool


TYPE_2, CCS2, CHADEMO = "IEC_62196_T2", "IEC_62196_T2_COMBO", "CHADEMO"

_TWO_22: Final = (Socket((TYPE_2,), 22_080), Socket((TYPE_2,), 22_080))
MAKES: Final[dict[str, Make]] = {
    "duo": Make("Fjällvolt", "FV Duo 22", "1.6", ("3.4.1", "3.4.7", "3.5.0"), _TWO_22, False),
    "post": Make("Elmarken", "EM Post 2", "2.0.1", ("1.12.0", "1.13.2"), _TWO_22, False),
    "home": Make(
        "Hemström", "HS One 11", "1.6", ("5.0.9", "5.1.3"), (Socket((TYPE_2,), 11_040),), False
    ),
    "fast50": Make(
        "Kvarnberg",
        "KB 50C",
        "1.6",
        ("2.2.14", "2.2.19"),
        (Socket((CCS2,), 50_000), Socket((CHADEMO,), 50_000)),
        True,
    ),
    "fast150": Make(
        "Boreal Power",
        "BP 150",
        "2.0.1",
        ("4.1.0", "4.2.3"),
        (Socket((CCS2,), 150_000), Socket((CCS2, CHADEMO), 150_000)),
        True,
    ),
    "fast150j": Make(
        "Boreal Power",
        "BP 150 Classic",
        "1.6",
        ("3.9.8",),
        (Socket((CCS2,), 150_000), Socket((CCS2,), 150_000)),
        True,
    ),
    "fast300": Make(
        "Boreal Power",
        "BP 300",
        "2.0.1",
        ("4.2.0", "4.2.3"),
        (Socket((CCS2,), 300_000), Socket((CCS2,), 300_000)),
        True,
    ),
}

STATIONS: Final[dict[SiteKind, tuple[str, ...]]] = {
    SiteKind.CORRIDOR: ("fast300", "fast300", "fast150", "fast50"),
    SiteKind.SHOPPING: ("fast150j", "post", "post", "duo"),
    SiteKind.STREET: ("duo", "duo", "post"),
    SiteKind.WORKPLACE: ("duo", "duo", "post", "post"),
    SiteKind.HOME: ("home",) * 7,
    SiteKind.HOTEL: ("fast50", "post", "duo"),
}
"""Keys of MAKES for a site of each kind."""

POWER_LIMIT_W: Final[dict[SiteKind, int]] = {
    SiteKind.CORRIDOR: 690_000,
    SiteKind.SHOPPING: 220_000,
    SiteKind.STREET: 86_000,
    SiteKind.WORKPLACE: 110_000,
    SiteKind.HOME: 43_000,
    SiteKind.HOTEL: 110_000,
}
"""What the fuse of a site gives; below the sum of its sockets."""


@dataclass(frozen=True, slots=True)
class Place:
    """One site to be: town (a name of towns_se.csv), what stands on the sign, postal area."""

    town: str
    sign: str
    kind: SiteKind
    postal_area: str


@dataclass(frozen=True, slots=True)
class OperatorCard:
    """An invented operator with its places."""

    name: str
    slug: str
    party_id: str
    places: tuple[Place, ...]


_K = SiteKind
OPERATORS: Final[tuple[OperatorCard, ...]] = (
    OperatorCard(
        "Nordljus Laddning AB",
        "nordljus",
        "NLJ",
        (
            Place("Stockholm", "Söderport", _K.STREET, "118"),
            Place("Stockholm", "Norra Handelstorget", _K.SHOPPING, "115"),
            Place("Uppsala", "Slottsbacken", _K.STREET, "752"),
            Place("Uppsala", "Trafikplats Syd", _K.CORRIDOR, "754"),
            Place("Västerås", "Mälarpark", _K.SHOPPING, "721"),
            Place("Örebro", "Trafikplats Väst", _K.CORRIDOR, "702"),
            Place("Gävle", "Hamnkontoren", _K.WORKPLACE, "803"),
            Place("Söderhamn", "Trafikplats Nord", _K.CORRIDOR, "826"),
            Place("Sundsvall", "Stenhusgatan", _K.STREET, "852"),
            Place("Umeå", "Älvparken", _K.WORKPLACE, "903"),
            Place("Luleå", "Norra Hamn", _K.SHOPPING, "972"),
            Place("Skellefteå", "Träbyn", _K.WORKPLACE, "931"),
            Place("Kiruna", "Fjällhotellet", _K.HOTEL, "981"),
            Place("Östersund", "Storsjöhotellet", _K.HOTEL, "831"),
            Place("Mora", "Siljanshotellet", _K.HOTEL, "792"),
            Place("Falun", "BRF Gruvbacken", _K.HOME, "791"),
            Place("Linköping", "Teknikbyn", _K.WORKPLACE, "583"),
            Place("Norrköping", "Trafikplats Bråviken", _K.CORRIDOR, "602"),
            Place("Jönköping", "Trafikplats Vättern", _K.CORRIDOR, "554"),
            Place("Karlstad", "Klarälvstorget", _K.SHOPPING, "652"),
            Place("Södertälje", "BRF Linden", _K.HOME, "151"),
            Place("Visby", "Ringmursporten", _K.HOTEL, "621"),
        ),
    ),
    OperatorCard(
        "Västkraft Elbil AB",
        "vastkraft",
        "VKE",
        (
            Place("Göteborg", "Kungsporten", _K.STREET, "411"),
            Place("Göteborg", "BRF Masten", _K.HOME, "414"),
            Place("Malmö", "Sundskajen", _K.STREET, "211"),
            Place("Helsingborg", "Trafikplats Ängen", _K.CORRIDOR, "254"),
            Place("Borås", "Vävartorget", _K.SHOPPING, "503"),
            Place("Trollhättan", "Slusskontoren", _K.WORKPLACE, "461"),
            Place("Varberg", "Kusthotellet", _K.HOTEL, "432"),
            Place("Halmstad", "Trafikplats Nissan", _K.CORRIDOR, "302"),
            Place("Lund", "Forskarbyn", _K.WORKPLACE, "223"),
        ),
    ),
)

STREETS: Final = (
    "Storgatan",
    "Kungsgatan",
    "Järnvägsgatan",
    "Hamngatan",
    "Industrigatan",
    "Parkgatan",
    "Skolgatan",
    "Stationsgatan",
    "Köpmangatan",
    "Ringvägen",
    "Kvarngatan",
    "Björkvägen",
)
