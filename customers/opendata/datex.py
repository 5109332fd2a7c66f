"""DATEX II (CEN/TS 16157-10) in its JSON form, by the profile "AFIR Energy Infrastructure" (pure).

Two publications: the table of places, stations and points with their ad hoc prices, and the status
of the points with the prices now. Every object of the second is a reference into the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from customers.opendata.facts import (
    VOLTS,
    AdHoc,
    Plug,
    Point,
    Pole,
    Publisher,
    Spot,
    amperes,
    moment,
)

PROFILE: Final = "AFIR Energy Infrastructure"
PROFILE_VERSION: Final = "01-00-00"
_CONNECTORS: Final = {
    "IEC_62196_T2": "iec62196T2",
    "IEC_62196_T2_COMBO": "iec62196T2COMBO",
    "IEC_62196_T1": "iec62196T1",
    "CHADEMO": "chademo",
    "DOMESTIC_F": "domesticF",
}
_STATUSES: Final = {
    "AVAILABLE": "available",
    "CHARGING": "charging",
    "BLOCKED": "blocked",
    "RESERVED": "reserved",
    "INOPERATIVE": "inoperative",
    "OUTOFORDER": "outOfOrder",
    "UNKNOWN": "unknown",
}
_SITES: Final = {"ON_STREET": "onstreet", "PARKING_LOT": "openSpace"}


def table(spots: Sequence[Spot], publisher: Publisher, at: datetime) -> dict[str, Any]:
    """The static publication."""
    places = {
        "idG": f"{publisher.country}-{publisher.party}-table",
        "versionG": "1",
        "tableName": publisher.name,
        "energyInfrastructureSite": [_site(one, publisher) for one in spots],
    }
    body = {"energyInfrastructureTable": [places]}
    return _message("aegiEnergyInfrastructureTablePublication", body, publisher, at)


def status(spots: Sequence[Spot], publisher: Publisher, at: datetime) -> dict[str, Any]:
    """The dynamic publication."""
    body = {
        "tableReference": [
            {
                "targetClass": "EnergyInfrastructureTable",
                "idG": f"{publisher.country}-{publisher.party}-table",
                "versionG": "1",
            }
        ],
        "energyInfrastructureSiteStatus": [_site_status(one) for one in spots],
    }
    return _message("aegiEnergyInfrastructureStatusPublication", body, publisher, at)


def _message(name: str, body: dict[str, Any], publisher: Publisher, at: datetime) -> dict[str, Any]:
    national = publisher.national_id or f"{publisher.country}-{publisher.party}"
    publication = {
        "lang": publisher.language,
        "publicationTime": moment(at),
        "publicationCreator": {"country": publisher.country, "nationalIdentifier": national},
        "headerInformation": {
            "confidentiality": {"value": "noRestriction"},
            "informationStatus": {"value": "real"},
        },
        **body,
    }
    payload = {
        "modelBaseVersionG": "3",
        "profileNameG": PROFILE,
        "profileVersionG": PROFILE_VERSION,
        name: publication,
    }
    exchange = {
        "exchangeContext": {
            "codedExchangeProtocol": {"value": "snapshotPull"},
            "exchangeSpecificationVersion": "3.0",
            "supplierOrCisRequester": {},
        },
        "dynamicInformation": {
            "exchangeStatus": {"value": "online"},
            "messageGenerationTimestamp": moment(at),
        },
    }
    return {"messageContainer": {"payload": [payload], "exchangeInformation": exchange}}


def _site(spot: Spot, publisher: Publisher) -> dict[str, Any]:
    line = {
        "order": 0,
        "type": {"value": "street"},
        "text": _words({publisher.language: spot.address}),
    }
    address = {
        "postcode": spot.postal_code,
        "city": _words({publisher.language: spot.city}),
        "countryCode": spot.country,
        "addressLine": [line],
    }
    place = {
        "coordinatesForDisplay": {
            "latitude": float(spot.latitude), "longitude": float(spot.longitude),
        },
        "locLocationExtensionG": {"FacilityLocation": {"timeZone": spot.zone, "address": address}},
    }  # fmt: skip
    return {
        "idG": spot.id,
        "versionG": "1",
        "name": _words({publisher.language: spot.name}),
        "typeOfSite": {"value": _SITES.get(spot.parking, "other")},
        "locationReference": {"locAreaLocation": place},
        "operator": {"afacAnOrganisation": _organisation(spot, publisher)},
        "energyInfrastructureStation": [_station(one, spot) for one in spot.poles],
    }


def _organisation(spot: Spot, publisher: Publisher) -> dict[str, Any]:
    found: dict[str, Any] = {"name": _words({publisher.language: publisher.name})}
    if spot.operator_phone:
        found["organisationUnit"] = [
            {"contactInformation": [{"telephoneNumber": spot.operator_phone}]}
        ]
    return found


def _station(pole: Pole, spot: Spot) -> dict[str, Any]:
    return {
        "idG": pole.id,
        "versionG": "1",
        "totalMaximumPower": sum(one.power_w for one in pole.points),
        "numberOfRefillPoints": len(pole.points),
        "refillPoint": [
            {"aegiElectricChargingPoint": _point(one, spot.is_renewable)} for one in pole.points
        ],
    }


def _point(point: Point, renewable: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "idG": point.id,
        "versionG": "1",
        "deliveryUnit": {"value": "kWh"},
        "currentType": {"value": "dc" if point.current == "DC" else "ac"},
        "connector": [_connector(plug, point) for plug in point.plugs],
    }
    if point.evse_id:
        found["externalIdentifier"] = [
            {
                "identifier": point.evse_id,
                "typeOfIdentifier": {"value": "extendedG", "extendedValueG": "evseId"},
            }
        ]
    energy: dict[str, Any] = {}
    if renewable:
        energy["isGreenEnergy"] = renewable == "yes"
    if point.price is not None:
        energy["energyRate"] = [_rate(point.price)]
    if energy:
        found["electricEnergy"] = [energy]
    return found


def _connector(plug: Plug, point: Point) -> dict[str, Any]:
    power = plug.power_w or point.power_w
    return {
        "connectorType": {"value": _CONNECTORS.get(plug.standard, "other")},
        "connectorFormat": {"value": "cableMode3" if plug.is_tethered else "socket"},
        "maxPowerAtSocket": power,
        "voltage": VOLTS.get(point.current, 230),
        "maximumCurrent": amperes(power, point.current),
    }


def _rate(price: AdHoc) -> dict[str, Any]:
    return {
        "idG": price.id,
        "ratePolicy": {"value": "adHoc"},
        "applicableCurrency": [price.currency],
        "energyPrice": _prices(price),
        "additionalInformation": [_words(price.words)],
    }


def _prices(price: AdHoc) -> list[dict[str, Any]]:
    found = []
    for one in price.prices:
        kind, amount = _KINDS[one.kind], one.amount
        if kind == "pricePerMinute":
            amount = (amount / 60).quantize(Decimal("0.000001"))
        row: dict[str, Any] = {
            "priceType": {"value": kind},
            "value": float(amount),
            "taxIncluded": price.is_with_tax,
        }
        if one.vat is not None:
            row["taxRate"] = float(one.vat)
        found.append(row)
    return found


_KINDS: Final = {
    "ENERGY": "pricePerKWh",
    "TIME": "pricePerMinute",
    "PARKING_TIME": "pricePerMinute",
    "FLAT": "flatRate",
}


def _site_status(spot: Spot) -> dict[str, Any]:
    return {
        "reference": _facility(spot.id),
        "lastUpdated": moment(spot.changed_at),
        "energyInfrastructureStationStatus": [
            {
                "reference": _facility(pole.id),
                "refillPointStatus": [
                    {"aegiElectricChargingPointStatus": _point_status(one)} for one in pole.points
                ],
            }
            for pole in spot.poles
        ],
    }


def _point_status(point: Point) -> dict[str, Any]:
    found: dict[str, Any] = {
        "reference": _facility(point.id),
        "lastUpdated": moment(point.changed_at),
        "status": {"value": _STATUSES[point.status]},
    }
    if point.price is not None:
        found["energyRateUpdate"] = [
            {
                "lastUpdated": moment(point.changed_at),
                "energyRateReference": {"targetClass": "EnergyRate", "idG": point.price.id},
                "ratePolicy": {"value": "adHoc"},
                "applicableCurrency": [point.price.currency],
                "energyPrice": _prices(point.price),
            }
        ]
    return found


def _facility(ref: str) -> dict[str, Any]:
    return {"targetClass": "FacilityObject", "idG": ref, "versionG": "1"}


def _words(texts: Any) -> dict[str, Any]:
    return {"values": [{"lang": lang, "value": text} for lang, text in texts.items()]}
