"""Secrets in commands, hidden wherever a command is shown (pure)."""

from __future__ import annotations

import re
from typing import Any, Final

from core.one_time import MASK, hidden

_SECRET_NAMES: Final = frozenset(
    {
        "authorizationkey",
        "basicauthpassword",
        "apnpassword",
        "vpnpassword",
        "password",
        "new_password_digest",
    }
)
_URL_LOGIN: Final = re.compile(r"(?<=://)[^/@\s]+:[^/@\s]*(?=@)")
_VALUE_MEMBERS: Final = ("value", "attributeValue", "actualValue")
_ATTRIBUTES: Final = "variableAttribute"


def is_secret_key(key: str) -> bool:
    """Whether a configuration key, or ``Component.Variable``, holds a secret."""
    return key.partition("[")[0].rpartition(".")[2].strip().lower() in _SECRET_NAMES or (
        key.rpartition(".")[2].partition("[")[0].strip().lower() in _SECRET_NAMES
    )


def masked(value: Any) -> Any:
    """A copy of JSON ``value`` without passwords: members with a secret name, the value beside
    a secret configuration key or variable, log-ins inside URLs, and tokens of files for
    stations."""
    if isinstance(value, dict):
        names_secret = _names_a_secret(value)
        return {
            name: MASK
            if (name.lower() in _SECRET_NAMES and isinstance(member, str))
            or (names_secret and name in _VALUE_MEMBERS)
            else _without_values(member)
            if names_secret and name == _ATTRIBUTES
            else masked(member)
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, str):
        return hidden(_URL_LOGIN.sub(MASK, value))
    return value


def _without_values(attributes: Any) -> Any:
    """The attributes of a secret variable in a report (2.x NotifyReport)."""
    if not isinstance(attributes, list):
        return MASK
    return [
        {name: MASK if name in _VALUE_MEMBERS else member for name, member in one.items()}
        if isinstance(one, dict)
        else MASK
        for one in attributes
    ]


def _names_a_secret(item: dict[str, Any]) -> bool:
    """Whether ``item`` is about a secret: ``key`` (1.6, or ``Component.Variable``) or
    ``variable`` (2.x, by name or as an object with a name)."""
    for member in ("key", "variable"):
        name = item.get(member)
        if isinstance(name, dict):
            if _names_a_secret(name) or _names_a_secret({"key": name.get("name")}):
                return True
        elif isinstance(name, str) and name.rpartition(".")[2].lower() in _SECRET_NAMES:
            return True
    return False
