"""Secrets in commands, hidden wherever a command is shown (pure)."""

from __future__ import annotations

import re
from typing import Any, Final

MASK: Final = "***"
_SECRET_NAMES: Final = frozenset(
    {"authorizationkey", "basicauthpassword", "apnpassword", "password", "simpin"}
)
_URL_LOGIN: Final = re.compile(r"(?<=://)[^/@\s]+:[^/@\s]*(?=@)")
_VALUE_MEMBERS: Final = ("value", "attributeValue")


def masked(value: Any) -> Any:
    """A copy of JSON ``value`` without passwords: members with a secret name, the value beside
    a secret configuration key or variable, and log-ins inside URLs."""
    if isinstance(value, dict):
        names_secret = _names_a_secret(value)
        return {
            name: MASK
            if (name.lower() in _SECRET_NAMES and isinstance(member, str))
            or (names_secret and name in _VALUE_MEMBERS)
            else masked(member)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, str):
        return _URL_LOGIN.sub(MASK, value)
    return value


def _names_a_secret(item: dict[str, Any]) -> bool:
    """Whether ``item`` is about a secret: ``key`` (1.6) or ``variable.name`` (2.x)."""
    variable = item.get("variable")
    named = (item.get("key"), variable, variable.get("name") if isinstance(variable, dict) else "")
    return any(isinstance(name, str) and name.lower() in _SECRET_NAMES for name in named)
