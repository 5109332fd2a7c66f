"""Locations and tariffs of OCPI 2.2.1 (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from customers.opendata.facts import VOLTS, Plug, Point, Publisher, Spot, amperes, moment

COUNTRIES: Final = {
    "AT": "AUT", "BE": "BEL", "BG": "BGR", "CH": "CHE", "CY": "CYP", "CZ": "CZE", "DE": "DEU",
    "DK": "DNK", "EE": "EST", "ES": "ESP", "FI": "FIN", "FR": "FRA", "GB": "GBR", "GR": "GRC",
    "HR": "HRV", "HU": "HUN", "IE": "IRL", "IS": "ISL", "IT": "ITA", "LT": "LTU", "LU": "LUX",
    "LV": "LVA", "MT": "MLT", "NL": "NLD", "NO": "NOR", "PL": "POL", "PT": "PRT", "RO": "ROU",
    "SE": "SWE", "SI": "SVN", "SK": "SVK", "US": "USA",
}  # fmt: skip
_WAYS: Final = {
    "card_reader": "CREDIT_CARD_PAYABLE",
    "contactless": "CONTACTLESS_CARD_SUPPORT",
    "rfid": "RFID_READER",
}


def location(spot: Spot, publisher: Publisher) -> dict[str, Any]:
    """One Location with its EVSEs."""
    found: dict[str, Any] = {
        "country_code": publisher.country,
        "party_id": publisher.party,
        "id": spot.id,
        "publish": True,
        "name": spot.name,
        "address": spot.address[:45],
        "city": spot.city[:45],
        "country": COUNTRIES.get(spot.country, spot.country),
        "coordinates": {
            "latitude": f"{spot.latitude:.6f}", "longitude": f"{spot.longitude:.6f}",
        },
        "evses": [_evse(point) for pole in spot.poles for point in pole.points],
        "operator": {"name": publisher.name[:100]},
        "time_zone": spot.zone,
        "last_updated": moment(spot.changed_at),
    }  # fmt: skip
    if spot.postal_code:
        found["postal_code"] = spot.postal_code[:10]
    if spot.parking:
        found["parking_type"] = spot.parking
    if spot.directions:
        found["directions"] = [{"language": publisher.language[:2], "text": spot.directions}]
    if spot.owner:
        found["owner"] = {"name": spot.owner[:100]}
    if spot.hours is not None:
        found["opening_times"] = _hours(dict(spot.hours))
    if spot.is_renewable:
        found["energy_mix"] = {"is_green_energy": spot.is_renewable == "yes"}
    return found


def _hours(stored: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"twentyfourseven": bool(stored.get("twentyfourseven"))}
    if not found["twentyfourseven"]:
        found["regular_hours"] = stored.get("regular_hours") or []
    return found


def _evse(point: Point) -> dict[str, Any]:
    found: dict[str, Any] = {
        "uid": point.id,
        "status": point.status,
        "connectors": [_connector(plug, point) for plug in point.plugs],
        "last_updated": moment(point.changed_at),
    }
    if point.evse_id:
        found["evse_id"] = point.evse_id
    ways = [_WAYS[one] for one in point.payment_ways if one in _WAYS]
    if ways:
        found["capabilities"] = ways
    rules = [one for one in point.restrictions if one != "NONE"]
    if rules:
        found["parking_restrictions"] = rules
    return found


def _connector(plug: Plug, point: Point) -> dict[str, Any]:
    power = plug.power_w or point.power_w
    found: dict[str, Any] = {
        "id": str(plug.number),
        "standard": plug.standard,
        "format": "CABLE" if plug.is_tethered else "SOCKET",
        "power_type": point.current,
        "max_voltage": VOLTS.get(point.current, 230),
        "max_amperage": amperes(power, point.current),
        "last_updated": moment(point.changed_at),
    }
    if power:
        found["max_electric_power"] = power
    if point.price is not None:
        found["tariff_ids"] = [point.price.id]
    return found


def tariffs(spots: Iterable[Spot]) -> list[dict[str, Any]]:
    """The ad hoc tariffs of the points, each once."""
    found = {
        point.price.id: dict(point.price.document)
        for spot in spots
        for pole in spot.poles
        for point in pole.points
        if point.price is not None
    }
    return [found[name] for name in sorted(found)]
