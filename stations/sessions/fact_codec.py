"""Facts to JSON-able dictionaries and back, without loss (pure).

Numbers travel as text (exact decimals), instants as ISO 8601 with offset. Members that
a reader does not know are ignored and missing ones take the fact's defaults, so that
stored facts outlive releases in both directions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from stations.sessions.facts import Fact, Reading, Sample

_DECIMALS = {"value", "meter_wh"}
_INSTANTS = {"at", "arrived_at"}


def encode_fact(fact: Fact) -> dict[str, Any]:
    """The fact as plain JSON values; members that hold their default are left out."""
    return _encode(fact)


def decode_fact(data: Mapping[str, Any]) -> Fact:
    """The fact that ``encode_fact`` wrote. ValueError says which member is missing or wrong."""
    members = _members(Fact, data)
    members["readings"] = tuple(_reading(one) for one in data.get("readings", ()))
    members["notes"] = tuple(data.get("notes", ()))
    return Fact(**members)


def _encode(thing: Fact | Reading | Sample) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for one in fields(thing):
        value = getattr(thing, one.name)
        if one.default is MISSING or value != one.default:
            out[one.name] = _plain(value)
    return out


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Reading | Sample):
        return _encode(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _reading(data: Mapping[str, Any]) -> Reading:
    members = _members(Reading, data)
    samples = tuple(Sample(**_members(Sample, one)) for one in data.get("samples", ()))
    return Reading(**{**members, "samples": samples})


def _members(kind: type[Fact | Reading | Sample], data: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name: one for one in fields(kind)}
    missing = [name for name, one in known.items() if one.default is MISSING and name not in data]
    if missing:
        raise ValueError(f"{kind.__name__} lacks {', '.join(missing)}")
    return {name: _parse(name, value) for name, value in data.items() if name in known}


def _parse(name: str, value: Any) -> Any:
    if value is None:
        return None
    try:
        if name in _DECIMALS:
            return Decimal(value)
        if name in _INSTANTS:
            return datetime.fromisoformat(value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise ValueError(f"{name} cannot be read: {value!r}") from error
    return value
