"""What the documents must be: OCPI 2.2.1 objects as JSON schemas, DATEX II by checks of our own.

The schemas of CEN/TS 16157-10 are not free to pass on; these hold what the AFIR profile asks of
each object, the words of its lists and the references between the publications.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
PRICES = {"pricePerKWh", "pricePerMinute", "flatRate"}


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most}


def _many(of: Any, least: int = 1) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least}


def _object(needed: dict[str, Any], more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(needed),
        "properties": needed | (more or {}),
        "additionalProperties": False,
    }


def _word(*words: str) -> dict[str, Any]:
    return {"enum": list(words)}


_CONNECTOR = _object(
    {
        "id": _text(36),
        "standard": _word("IEC_62196_T2", "IEC_62196_T2_COMBO", "CHADEMO", "IEC_62196_T1",
                          "DOMESTIC_F"),
        "format": _word("SOCKET", "CABLE"),
        "power_type": _word("AC_1_PHASE", "AC_3_PHASE", "DC"),
        "max_voltage": {"type": "integer"},
        "max_amperage": {"type": "integer"},
        "last_updated": MOMENT,
    },
    {"max_electric_power": {"type": "integer"}, "tariff_ids": _many(_text(36))},
)  # fmt: skip
_EVSE = _object(
    {
        "uid": _text(36),
        "status": _word("AVAILABLE", "BLOCKED", "CHARGING", "INOPERATIVE", "OUTOFORDER",
                        "PLANNED", "REMOVED", "RESERVED", "UNKNOWN"),
        "connectors": _many(_CONNECTOR),
        "last_updated": MOMENT,
    },
    {
        "evse_id": _text(48),
        "capabilities": _many({"type": "string"}),
        "parking_restrictions": _many({"type": "string"}),
    },
)  # fmt: skip
_DEGREES = {"type": "string", "pattern": r"^-?\d{1,3}\.\d{5,7}$"}
LOCATION = _object(
    {
        "country_code": _text(2),
        "party_id": _text(3),
        "id": _text(36),
        "publish": {"type": "boolean"},
        "address": _text(45),
        "city": _text(45),
        "country": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "coordinates": _object({"latitude": _DEGREES, "longitude": _DEGREES}),
        "time_zone": _text(255),
        "last_updated": MOMENT,
    },
    {
        "name": _text(255),
        "postal_code": _text(10),
        "parking_type": {"type": "string"},
        "evses": _many(_EVSE, 0),
        "directions": _many(_object({"language": _text(2), "text": _text(512)})),
        "operator": _object({"name": _text(100)}),
        "owner": _object({"name": _text(100)}),
        "opening_times": _object(
            {"twentyfourseven": {"type": "boolean"}},
            {
                "regular_hours": _many(
                    _object(
                        {
                            "weekday": {"type": "integer", "minimum": 1, "maximum": 7},
                            "period_begin": _text(5),
                            "period_end": _text(5),
                        }
                    ),
                    0,
                )
            },
        ),
        "energy_mix": _object({"is_green_energy": {"type": "boolean"}}),
    },
)
_COMPONENT = _object(
    {
        "type": _word("ENERGY", "FLAT", "PARKING_TIME", "TIME"),
        "price": {"type": "number"},
        "step_size": {"type": "integer", "minimum": 1},
    },
    {"vat": {"type": "number"}},
)
TARIFF = {
    "type": "object",
    "required": ["country_code", "party_id", "id", "currency", "elements", "last_updated"],
    "not": {"anyOf": [{"required": ["extras"]}, {"required": ["tax_included"]}]},
    "properties": {
        "id": _text(36),
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "type": _word("AD_HOC_PAYMENT"),
        "elements": _many(_object({"price_components": _many(_COMPONENT)}, {"restrictions": {}})),
        "last_updated": MOMENT,
    },
}
_VALUE = _object({"value": {"type": "string"}})


def _payload(name: str, body: dict[str, Any]) -> dict[str, Any]:
    publication = _object(
        {
            "lang": _text(5),
            "publicationTime": MOMENT,
            "publicationCreator": _object({"country": _text(2), "nationalIdentifier": _text(60)}),
            "headerInformation": _object({"confidentiality": _VALUE, "informationStatus": _VALUE}),
            **body,
        }
    )
    payload = _object(
        {
            "modelBaseVersionG": _word("3"),
            "profileNameG": _word("AFIR Energy Infrastructure"),
            "profileVersionG": _text(10),
            name: publication,
        }
    )
    container = _object({"payload": _many(payload), "exchangeInformation": {"type": "object"}})
    return _object({"messageContainer": container})


def _has(*names: str) -> dict[str, Any]:
    return {"type": "object", "required": list(names)}


_POINT = _has("idG", "versionG", "connector", "deliveryUnit", "currentType")
_STATION = _has("idG", "versionG", "totalMaximumPower", "numberOfRefillPoints") | {
    "properties": {"refillPoint": _many(_object({"aegiElectricChargingPoint": _POINT}))}
}
_SITE = _has("idG", "versionG", "typeOfSite", "locationReference", "operator") | {
    "properties": {"energyInfrastructureStation": _many(_STATION)}
}
_STATUS = _word(
    "available", "blocked", "charging", "inoperative", "outOfOrder", "reserved", "unknown"
)
_POINT_STATUS = _object(
    {
        "reference": _has("targetClass", "idG", "versionG"),
        "lastUpdated": MOMENT,
        "status": _object({"value": _STATUS}),
    },
    {
        "energyRateUpdate": _many(
            _has("energyRateReference", "applicableCurrency", "energyPrice", "ratePolicy")
        )
    },
)
_SITE_STATUS = _has("reference", "lastUpdated") | {
    "properties": {
        "energyInfrastructureStationStatus": _many(
            _object(
                {
                    "reference": _has("targetClass", "idG"),
                    "refillPointStatus": _many(
                        _object({"aegiElectricChargingPointStatus": _POINT_STATUS})
                    ),
                }
            )
        )
    }
}
_TABLE = _has("idG", "versionG", "tableName") | {
    "properties": {"energyInfrastructureSite": _many(_SITE, 0)}
}
DATEX = {
    "table": _payload(
        "aegiEnergyInfrastructureTablePublication", {"energyInfrastructureTable": _many(_TABLE)}
    ),
    "status": _payload(
        "aegiEnergyInfrastructureStatusPublication",
        {
            "tableReference": _many(_has("targetClass", "idG", "versionG")),
            "energyInfrastructureSiteStatus": _many(_SITE_STATUS, 0),
        },
    ),
}


def values(data: Any, name: str) -> list[Any]:
    """All values of a member, wherever it stands."""
    return [value for key, value in _members(data) if key == name]


def _members(data: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key, value
            yield from _members(value)
    elif isinstance(data, list):
        for one in data:
            yield from _members(one)


def names(table: Any) -> set[str]:
    """The ids that a table gives."""
    return set(values(table, "idG"))


def references(status: Any) -> set[str]:
    """The ids that statuses refer to."""
    return set(values(status, "idG"))
