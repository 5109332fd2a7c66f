"""JSON schemas of the CDR object, after mod_cdrs of OCPI 2.2.1 and 2.3.0."""

from __future__ import annotations

from typing import Any

NUMBER = {"type": "number"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}


def _text(longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _object(needed: dict[str, Any], more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(needed),
        "properties": needed | (more or {}),
        "additionalProperties": False,
    }


def _price(version: str) -> dict[str, Any]:
    if version == "2.2.1":
        return _object({"excl_vat": NUMBER}, {"incl_vat": NUMBER})
    tax = _object({"name": _text(30), "amount": NUMBER}, {"percentage": NUMBER})
    return _object({"before_taxes": NUMBER}, {"taxes": {"type": "array", "items": tax}})


TOKEN = _object(
    {
        "country_code": _text(2),
        "party_id": _text(3),
        "uid": _text(36),
        "type": {"enum": ["AD_HOC_USER", "APP_USER", "EMAID", "OTHER", "RFID"]},
        "contract_id": _text(36),
    }
)
LOCATION = _object(
    {
        "id": _text(36),
        "address": _text(45),
        "city": _text(45),
        "country": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "coordinates": _object(
            {
                "latitude": {"type": "string", "pattern": r"^-?[0-9]{1,2}\.[0-9]{5,7}$"},
                "longitude": {"type": "string", "pattern": r"^-?[0-9]{1,3}\.[0-9]{5,7}$"},
            }
        ),
        "evse_uid": _text(36),
        "evse_id": _text(48),
        "connector_id": _text(36),
        "connector_standard": {
            "enum": ["CHADEMO", "DOMESTIC_F", "IEC_62196_T1", "IEC_62196_T2", "IEC_62196_T2_COMBO"]
        },
        "connector_format": {"enum": ["SOCKET", "CABLE"]},
        "connector_power_type": {"enum": ["AC_1_PHASE", "AC_3_PHASE", "DC"]},
    },
    {"name": _text(255), "postal_code": _text(10)},
)
DIMENSION = _object(
    {"type": {"enum": ["ENERGY", "TIME", "PARKING_TIME", "RESERVATION_TIME"]}, "volume": NUMBER}
)
PERIOD = _object(
    {
        "start_date_time": MOMENT,
        "dimensions": {"type": "array", "minItems": 1, "items": DIMENSION},
    },
    {"tariff_id": _text(36)},
)


def _tariff(version: str) -> dict[str, Any]:
    component = _object(
        {
            "type": {"enum": ["ENERGY", "FLAT", "PARKING_TIME", "TIME"]},
            "price": NUMBER,
            "step_size": {"type": "integer"},
        },
        {"vat": NUMBER},
    )
    element = _object(
        {"price_components": {"type": "array", "minItems": 1, "items": component}},
        {"restrictions": {"type": "object"}},
    )
    limit = (
        _object({"excl_vat": NUMBER}, {"incl_vat": NUMBER})
        if version == "2.2.1"
        else _object({"before_taxes": NUMBER}, {"after_taxes": NUMBER})
    )
    needed = {
        "country_code": _text(2),
        "party_id": _text(3),
        "id": _text(36),
        "currency": _text(3),
        "elements": {"type": "array", "minItems": 1, "items": element},
        "last_updated": MOMENT,
    }
    more: dict[str, Any] = {"min_price": limit, "max_price": limit}
    if version == "2.3.0":
        needed["tax_included"] = {"enum": ["YES", "NO", "N/A"]}
    return _object(needed, more)


def _signed(version: str) -> dict[str, Any]:
    value = _object(
        {
            "nature": {"enum": ["Start", "End", "Intermediate"]},
            "plain_data": _text(512 if version == "2.2.1" else 5000),
            "signed_data": _text(5000) | {"pattern": "^[A-Za-z0-9+/]+=*$"},
        }
    )
    return _object(
        {
            "encoding_method": _text(36),
            "signed_values": {"type": "array", "minItems": 1, "items": value},
        },
        {"public_key": _text(512)},
    )


def cdr_schema(version: str) -> dict[str, Any]:
    """The CDR object of a version; members that the text does not know are refused."""
    price = _price(version)
    return _object(
        {
            "country_code": _text(2),
            "party_id": _text(3),
            "id": _text(39),
            "start_date_time": MOMENT,
            "end_date_time": MOMENT,
            "cdr_token": TOKEN,
            "auth_method": {"enum": ["AUTH_REQUEST", "COMMAND", "WHITELIST"]},
            "cdr_location": LOCATION,
            "currency": _text(3),
            "charging_periods": {"type": "array", "minItems": 1, "items": PERIOD},
            "total_cost": price,
            "total_energy": NUMBER,
            "total_time": NUMBER,
            "last_updated": MOMENT,
        },
        {
            "session_id": _text(36),
            "tariffs": {"type": "array", "items": _tariff(version)},
            "total_fixed_cost": price,
            "total_energy_cost": price,
            "total_time_cost": price,
            "total_parking_time": NUMBER,
            "total_parking_cost": price,
            "signed_data": _signed(version),
            "credit": {"type": "boolean"},
            "credit_reference_id": _text(39),
        },
    )
