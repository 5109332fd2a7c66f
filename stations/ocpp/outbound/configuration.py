"""Commands about configuration keys (1.6), variables (2.x) and connection profiles."""

from __future__ import annotations

from typing import Any

from core.marks import gettext_noop
from stations.ocpp.outbound.command import (
    NEWER,
    Command,
    CommandParameterError,
    Parameter,
    Payload,
    Values,
)
from stations.ocpp.outbound.members import is_older, payload

_REPORTS = {
    "configuration": "ConfigurationInventory",
    "full": "FullInventory",
    "summary": "SummaryInventory",
}
_INTERFACES = (
    "Wired0",
    "Wired1",
    "Wired2",
    "Wired3",
    "Wireless0",
    "Wireless1",
    "Wireless2",
    "Wireless3",
)
_ATTRIBUTES = {"actual": "Actual", "target": "Target", "min_set": "MinSet", "max_set": "MaxSet"}


def variable(key: Any) -> Payload:
    """Component and variable of 2.x from ``"Component.Variable"`` or from an object.

    The object has ``component`` and ``variable`` as texts (with ``component_instance``,
    ``variable_instance``, ``evse``, ``connector``) or in OCPP's own form.
    """
    if isinstance(key, str):
        component, dot, name = key.partition(".")
        if not (component and dot and name):
            raise CommandParameterError(
                "keys", "type", f"{key} must be written as Component.Variable"
            )
        return {"component": {"name": component}, "variable": {"name": name}}
    if not isinstance(key, dict) or not key.get("component") or not key.get("variable"):
        raise CommandParameterError("keys", "type", "A key needs component and variable")
    if isinstance(key["component"], dict):
        return {name: key[name] for name in ("component", "variable")}
    place = payload(id=key.get("evse"), connectorId=key.get("connector")) or None
    return {
        "component": payload(
            name=key["component"], instance=key.get("component_instance"), evse=place
        ),
        "variable": payload(name=key["variable"], instance=key.get("variable_instance")),
    }


def _get(values: Values, version: str) -> tuple[str, Payload]:
    keys = values.get("keys", [])
    if is_older(version):
        return "GetConfiguration", payload(key=keys or None)
    if not keys:
        raise CommandParameterError("keys", "required", "keys is missing")
    attribute = _attribute(values)
    return "GetVariables", {
        "getVariableData": [variable(key) | payload(attributeType=attribute) for key in keys]
    }


def _attribute(values: Values) -> str | None:
    return _ATTRIBUTES.get(values.get("attribute", ""))


def _set(values: Values, version: str) -> tuple[str, Payload]:
    """One key and its value, or in 2.x many (``items``: keys that each have a ``value``)."""
    if is_older(version):
        if not isinstance(values.get("key"), str):
            raise CommandParameterError("key", "required", "key is missing")
        return "ChangeConfiguration", {"key": values["key"], "value": values.get("value", "")}
    items = values.get("items")
    if not items:
        if "key" not in values:
            raise CommandParameterError("key", "required", "key is missing")
        items = [values]
    attribute = _attribute(values)
    return "SetVariables", {
        "setVariableData": [_setting(item) | payload(attributeType=attribute) for item in items]
    }


def _setting(item: Any) -> Payload:
    key = item.get("key", item) if isinstance(item, dict) else item
    value = item.get("value", "") if isinstance(item, dict) else None
    if not isinstance(value, str):
        raise CommandParameterError("items", "type", "Each item needs a key and a value as text")
    return {"attributeValue": value} | variable(key)


def _base_report(values: Values, _version: str) -> tuple[str, Payload]:
    return "GetBaseReport", {
        "requestId": values["request_id"],
        "reportBase": _REPORTS[values.get("report", "full")],
    }


def _network_profile(values: Values, _version: str) -> tuple[str, Payload]:
    """2.0.1 B09: only OCPP over JSON; the version number is OCPP's own spelling."""
    return "SetNetworkProfile", {
        "configurationSlot": values["slot"],
        "connectionData": payload(
            ocppVersion=values.get("ocpp_version", "OCPP20"),
            ocppTransport="JSON",
            ocppCsmsUrl=values["url"],
            messageTimeout=values.get("message_timeout_s", 30),
            securityProfile=values["security_profile"],
            ocppInterface=values.get("interface", "Wired0"),
            apn=values.get("apn"),
            vpn=values.get("vpn"),
        ),
    }


_ATTRIBUTE = Parameter(
    "attribute", "choice", "Attribute", choices=tuple(_ATTRIBUTES), versions=NEWER
)

COMMANDS = (
    Command(
        "get_configuration",
        "Read configuration",
        (
            Parameter("keys", "list", "Keys (1.6; left out: all) or Component.Variable (2.x)"),
            _ATTRIBUTE,
        ),
        _get,
    ),
    Command(
        "set_configuration",
        "Change configuration",
        (
            Parameter("key", "any", "Key (1.6) or Component.Variable (2.x)"),
            Parameter("value", "text", "New value", secret=True),
            Parameter("items", "list", "Several keys, each with a value", versions=NEWER),
            _ATTRIBUTE,
        ),
        _set,
        is_dangerous=True,
        consequence=gettext_noop("The station may behave differently or lose its connection."),
    ),
    Command(
        "get_base_report",
        "Ask for the device model",
        (
            Parameter("request_id", "integer", "Number of the report", required=True),
            Parameter("report", "choice", "How much", choices=tuple(_REPORTS)),
        ),
        _base_report,
        versions=NEWER,
    ),
    Command(
        "set_network_profile",
        "Set a connection profile",
        (
            Parameter("slot", "integer", "Slot of the profile", required=True),
            Parameter("url", "text", "WebSocket URL of the CSMS", required=True),
            Parameter("security_profile", "integer", "Security profile, 1 to 3", required=True),
            Parameter("ocpp_version", "text", "OCPP20 or another name that the station knows"),
            Parameter("interface", "choice", "Network interface", choices=_INTERFACES),
            Parameter("message_timeout_s", "integer", "Seconds to wait for an answer"),
            Parameter("apn", "object", "APN as OCPP has it", secret=True),
            Parameter("vpn", "object", "VPN as OCPP has it", secret=True),
        ),
        _network_profile,
        versions=NEWER,
        is_dangerous=True,
        consequence=gettext_noop("The station may connect elsewhere and not come back."),
    ),
)
