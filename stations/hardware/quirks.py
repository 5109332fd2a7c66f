"""What station models get wrong, as data: names, members, and which apply to a station (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

EnergyUnit = Literal["Wh", "kWh"]

NAMED_QUIRKS: Final[Mapping[str, Mapping[str, object]]] = {
    "energy_without_unit_is_kwh": {"default_energy_unit": "kWh"},
    "kwh_labelled_wh": {"energy_unit": "kWh"},
    "wh_labelled_kwh": {"energy_unit": "Wh"},
    "meter_in_kwh": {"meter_unit": "kWh"},
    "single_phase": {"phases": 1},
}
"""Short names for common quirks; each stands for members of ``Quirks``."""

SUBPROTOCOL: Final = "assume_subprotocol"
"""The one quirk that the handshake needs: the version to speak when none is offered."""
VERSIONS: Final = ("ocpp1.6", "ocpp2.0.1")


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


def parse_quirks(data: object) -> Quirks:
    """Quirks from an object of members, or from a list of names in ``NAMED_QUIRKS``.

    How a session is read; what concerns the handshake alone is checked and left out.
    """
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
        elif name in _READERS:
            members[name] = _READERS[name](name, value)
        elif name == SUBPROTOCOL:
            _version(name, value)
        else:
            raise ValueError(f"unknown quirk {name!r}")
    return Quirks(**members)


def effective(catalogue: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Quirks of a station: those of its model, then its own; false or null takes one away."""
    merged = {**catalogue, **own}
    return {name: value for name, value in merged.items() if value not in (None, False)}


def positive(name: str, value: object) -> Decimal:
    """A positive number; ValueError says that ``name`` is none."""
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


def _version(name: str, value: object) -> str:
    if value not in VERSIONS:
        raise ValueError(f"{name} must be one of {', '.join(VERSIONS)}")
    return str(value)


_READERS: Final[Mapping[str, Any]] = {
    "default_energy_unit": _unit,
    "energy_unit": _unit,
    "meter_unit": _unit,
    "energy_factor": positive,
    "register_modulus_wh": positive,
    "phases": _phases,
}
