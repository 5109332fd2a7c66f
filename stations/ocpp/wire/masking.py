"""Secrets that pass over the wire, masked before anything is stored or shown (pure)."""

from __future__ import annotations

from typing import Any

MASK = "***"
_SECRET_KEYS = frozenset(
    {"authorizationkey", "basicauthpassword", "apnpassword", "vpnpassword", "password"}
)
_SECRET_MEMBERS = frozenset({"basicAuthPassword", "apnPassword", "password"})
_KEY_MEMBERS = ("key", "variable")
_VALUE_MEMBERS = ("value", "attributeValue")


def mask(value: Any) -> Any:
    """A copy of ``value`` with the values of secret members and secret settings masked.

    Covers ChangeConfiguration and GetConfiguration of AuthorizationKey (1.6), SetVariables,
    GetVariables and reports of BasicAuthPassword, and SetNetworkProfile (2.x).
    """
    if isinstance(value, list):
        return [mask(item) for item in value]
    if not isinstance(value, dict):
        return value
    secret = _names_a_secret(value)
    return {
        name: MASK
        if (secret and name in _VALUE_MEMBERS and item) or (name in _SECRET_MEMBERS and item)
        else mask(item)
        for name, item in value.items()
    }


def _names_a_secret(value: dict[str, Any]) -> bool:
    for member in _KEY_MEMBERS:
        name = value.get(member)
        if isinstance(name, dict):
            name = name.get("name")
        if isinstance(name, str) and name.lower() in _SECRET_KEYS:
            return True
    return False


def may_hold_secrets(raw: bytes) -> bool:
    """Quick look at a frame: False means that ``mask`` would change nothing."""
    lowered = raw.lower()
    return b"password" in lowered or b"authorizationkey" in lowered
