"""What is known around a session besides its facts: zone, power limit, quirks, clock (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stations.sessions.clock import Clock
from stations.sessions.findings import Finding

EnergyUnit = Literal["Wh", "kWh"]

NAMED_QUIRKS: Mapping[str, Mapping[str, object]] = {
    "energy_without_unit_is_kwh": {"default_energy_unit": "kWh"},
    "kwh_labelled_wh": {"energy_unit": "kWh"},
    "wh_labelled_kwh": {"energy_unit": "Wh"},
    "meter_in_kwh": {"meter_unit": "kWh"},
    "single_phase": {"phases": 1},
}
"""Short names for common quirks; each stands for members of ``Quirks``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What a station model gets wrong, as data.

    ``default_energy_unit``: unit of register samples sent without one (protocol: Wh).
    ``energy_unit``: true unit of register samples whatever their label says.
    ``meter_unit``: true unit of meterStart and meterStop (protocol: Wh).
    ``energy_factor``: register samples are multiplied by this (a wrong transformer ratio).
    ``register_modulus_wh``: where the register rolls over to 0.
    ``phases``: how many phases make a complete sum (a single-phase station: 1).
    """

    default_energy_unit: EnergyUnit = "Wh"
    energy_unit: EnergyUnit | None = None
    meter_unit: EnergyUnit = "Wh"
    energy_factor: Decimal = Decimal(1)
    register_modulus_wh: Decimal | None = None
    phases: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPoint:
    """A connector's reported status (``Charging``, ``SuspendedEV``, …) from ``at`` on."""

    at: datetime
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContext:
    """Surroundings of one session.

    ``max_power_w``: what the connector can deliver; None when not known.
    ``clock``: as ``learn_clock`` saw it on all the station's messages; None: the facts given.
    ``statuses``: the connector's status journal around the session, if at hand.
    ``ongoing`` and ``messages_in_queue``: last answer of GetTransactionStatus (2.x), if any.
    ``connector_free_at``: when the connector was last reported free after the start.
    ``superseded_at``: when another session began on the same EVSE.
    ``match_findings``: what grouping had to say about this session.
    """

    zone: tzinfo = UTC
    max_power_w: Decimal | None = None
    quirks: Quirks = field(default_factory=Quirks)
    clock: Clock | None = None
    statuses: tuple[StatusPoint, ...] = ()
    ongoing: bool | None = None
    messages_in_queue: bool | None = None
    connector_free_at: datetime | None = None
    superseded_at: datetime | None = None
    silence_limit: timedelta = timedelta(hours=24)
    match_findings: tuple[Finding, ...] = ()


def parse_context(data: object) -> SessionContext:
    """Context from JSON ``{"zone", "max_power_w", "quirks"}``; ValueError names what is wrong."""
    if not isinstance(data, Mapping):
        raise ValueError("a station's context must be an object")
    power = data.get("max_power_w")
    return SessionContext(
        zone=_zone(data.get("zone")),
        max_power_w=None if power is None else _positive("max_power_w", power),
        quirks=parse_quirks(data.get("quirks")),
    )


def parse_quirks(data: object) -> Quirks:
    """Quirks from an object of members, or from a list of names in ``NAMED_QUIRKS``."""
    if data is None:
        return Quirks()
    if isinstance(data, list):
        data = {name: True for name in data if isinstance(name, str)}
    if not isinstance(data, Mapping):
        raise ValueError("quirks must be an object or a list of names")
    members: dict[str, Any] = {}
    for name, value in data.items():
        if name in NAMED_QUIRKS:
            members |= NAMED_QUIRKS[name] if value else {}
        elif name in _QUIRK_READERS:
            members[name] = _QUIRK_READERS[name](name, value)
        else:
            raise ValueError(f"unknown quirk {name!r}")
    return Quirks(**members)


def _zone(name: object) -> tzinfo:
    if name is None:
        return UTC
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown zone {name!r}") from error


def _positive(name: str, value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{name} must be a number") from error
    if isinstance(value, bool) or not number.is_finite() or number <= 0:
        raise ValueError(f"{name} must be a positive number")
    return number


def _unit(name: str, value: object) -> str:
    if value not in ("Wh", "kWh"):
        raise ValueError(f'{name} must be "Wh" or "kWh"')
    return str(value)


def _phases(name: str, value: object) -> int:
    if value not in (1, 2, 3) or isinstance(value, bool):
        raise ValueError(f"{name} must be 1, 2 or 3")
    return int(str(value))


_QUIRK_READERS: Mapping[str, Any] = {
    "default_energy_unit": _unit,
    "energy_unit": _unit,
    "meter_unit": _unit,
    "energy_factor": _positive,
    "register_modulus_wh": _positive,
    "phases": _phases,
}
