"""Parameters of commands as people and programs give them, checked and converted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from stations.ocpp.outbound.command import Command, CommandParameterError, Parameter
from stations.ocpp.reading.instants import read_instant
from stations.ocpp.reading.numbers import read_decimal, read_integer

_ALIASES = {
    "evse_id": "evse",
    "connector_id": "connector",
    "id_tag": "id_token",
    "idtag": "id_token",
    "transaction_id": "transaction",
    "location": "url",
    "requested_message": "message",
    "remote_url": "url",
    "operational_status": "operative",
    "type": "operative",
    "key": "keys",
    "report_base": "report",
    "duration": "duration_s",
}
_TRUE = frozenset({"true", "1", "yes", "on", "operative"})
_FALSE = frozenset({"false", "0", "no", "off", "inoperative"})


def checked(command: Command, given: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The parameters by name; None and empty texts count as not given.

    Names may be in camel case. Raises ``CommandParameterError``.
    """
    known = {parameter.name: parameter for parameter in command.parameters}
    values: dict[str, Any] = {}
    for spelled, value in given.items():
        name = _name(spelled, known, version)
        parameter = known.get(name)
        if parameter is None:
            raise CommandParameterError(str(spelled), "unknown", f"No such parameter: {spelled}")
        if value is None or value == "":
            continue
        if version not in parameter.versions:
            raise CommandParameterError(
                name, "version", f"OCPP {version} has no {name} in {command.name}"
            )
        values[name] = _CONVERTERS[parameter.kind](parameter, value)
    for parameter in command.parameters_of(version):
        if parameter.required and parameter.name not in values:
            raise CommandParameterError(parameter.name, "required", f"{parameter.name} is missing")
    return values


def _name(spelled: str, known: Mapping[str, Parameter], version: str) -> str:
    """Our name of a parameter: ``evseId`` is ``evse``; in 1.6 the connector is our EVSE."""
    name = snake_case(str(spelled))
    if name in known:
        return name
    name = _ALIASES.get(name, name)
    if name == "connector" and version == "1.6" and "evse" in known:
        return "evse"
    return name


def snake_case(name: str) -> str:
    """``idToken`` as ``id_token``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_")


def folded(word: str) -> str:
    """A word without case and signs, so that ``OnIdle``, ``on-idle`` and ``on_idle`` agree."""
    return re.sub(r"[^a-z0-9]", "", word.lower())


def _wrong(parameter: Parameter, what: str) -> CommandParameterError:
    return CommandParameterError(parameter.name, "type", f"{parameter.name} must be {what}")


def _text(parameter: Parameter, value: Any) -> str:
    if isinstance(value, str) and value.replace("\n", "").isprintable():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _wrong(parameter, "a printable text")


def _integer(parameter: Parameter, value: Any) -> int:
    number = read_integer(value, [])
    if number is None:
        raise _wrong(parameter, "a whole number")
    return number


def _decimal(parameter: Parameter, value: Any) -> Decimal:
    if isinstance(value, Decimal):
        value = str(value)
    number = read_decimal(value, [])
    if number is None:
        raise _wrong(parameter, "a number")
    return number


def _flag(parameter: Parameter, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise _wrong(parameter, "true or false")


def _choice(parameter: Parameter, value: Any) -> str:
    words = {folded(choice): choice for choice in parameter.choices}
    for other, choice in (parameter.aliases or {}).items():
        words.setdefault(folded(other), choice)
    found = words.get(folded(value)) if isinstance(value, str) else None
    if found is None:
        raise CommandParameterError(
            parameter.name,
            "choice",
            f"{parameter.name} must be one of {', '.join(parameter.choices)}",
        )
    return found


def _instant(parameter: Parameter, value: Any) -> datetime:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise _wrong(parameter, "a time with a zone")
        return value.astimezone(UTC)
    notes: list[str] = []
    at = read_instant(value, UTC, notes).at
    if at is None or "time_without_zone" in notes:
        raise _wrong(parameter, "a time with a zone, such as 2026-01-31T12:00:00Z")
    return at


def _object(parameter: Parameter, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(parameter, "an object")
    return value


def _list(parameter: Parameter, value: Any) -> list[Any]:
    """A list; a text is split at commas and lines, as a form sends it."""
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[,\n]", value) if part.strip()]
    if not isinstance(value, list | tuple):
        raise _wrong(parameter, "a list")
    return list(value)


def _any(_parameter: Parameter, value: Any) -> Any:
    return value


_CONVERTERS: dict[str, Callable[[Parameter, Any], Any]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "flag": _flag,
    "choice": _choice,
    "instant": _instant,
    "object": _object,
    "list": _list,
    "any": _any,
}
