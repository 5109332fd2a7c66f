"""Pieces of payloads that many commands share. Members left out are never null."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from stations.ocpp.outbound.command import NEWER, Parameter, Payload, Values
from stations.ocpp.reading.instants import to_wire

TOKEN_TYPES = (
    "iso14443",
    "iso15693",
    "central",
    "emaid",
    "keycode",
    "local",
    "mac_address",
    "no_authorization",
)
_TOKEN_TYPE_NAMES = {
    "iso14443": "ISO14443",
    "iso15693": "ISO15693",
    "central": "Central",
    "emaid": "eMAID",
    "keycode": "KeyCode",
    "local": "Local",
    "mac_address": "MacAddress",
    "no_authorization": "NoAuthorization",
}

EVSE = Parameter("evse", "integer", "EVSE; in OCPP 1.6 the connector")
CONNECTOR = Parameter("connector", "integer", "Connector within the EVSE", versions=NEWER)
ID_TOKEN = Parameter("id_token", "text", "Id token of the driver", required=True)
TOKEN_TYPE = Parameter(
    "token_type", "choice", "Kind of the id token", choices=TOKEN_TYPES, versions=NEWER
)
REQUEST_ID = Parameter(
    "request_id", "integer", "Number that ties the station's messages to this request"
)


def payload(**members: Any) -> Payload:
    """An object without the members that are None."""
    return {name: value for name, value in members.items() if value is not None}


def is_older(version: str) -> bool:
    """Whether the version is 1.6."""
    return version == "1.6"


def moment(value: datetime | None) -> str | None:
    """A time as OCPP wants it."""
    return None if value is None else to_wire(value)


def number(value: Decimal | None) -> int | float | None:
    """An exact number as JSON number, with at most one decimal (1.6 allows no more).

    Limits are cut, not rounded: a limit is never raised.
    """
    if value is None:
        return None
    cut = value.quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return int(cut) if cut == cut.to_integral_value() else float(cut)


def token_type(word: str | None) -> str:
    """OCPP's name of a token type; cards of ISO 14443 unless told otherwise."""
    return _TOKEN_TYPE_NAMES[word or "iso14443"]


def id_token(value: str | None, kind: str | None, version: str) -> Any:
    """An id token in the form of the version: a text in 1.6, an object in 2.x."""
    if value is None:
        return None
    if is_older(version):
        return value
    return {"idToken": value, "type": token_type(kind)}


def evse(values: Values) -> Payload | None:
    """The EVSE of 2.x, with the connector if one was named."""
    if "evse" not in values:
        return None
    return payload(id=values["evse"], connectorId=values.get("connector"))
