"""What is simulated: stations, their EVSEs and their bad habits; reading them from JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stations.simulator.meters import MeterFault
from stations.simulator.rhythm import KIND_OF_UNKNOWN, RHYTHMS

VERSIONS: Final = ("1.6", "2.0.1")


class SpecError(ValueError):
    """A fleet file or option that cannot be used; the message says where and why."""


@dataclass(frozen=True, slots=True)
class EvseSpec:
    """One EVSE: number from 1, greatest power, current; ``connectors`` share it (2.0.1)."""

    number: int
    max_power_w: float = 22_080.0
    is_dc: bool = False
    connectors: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSpec:
    """One station. ``kind`` names its rhythm; ``token_group`` whose tokens its
    drivers carry; ``password`` None connects without one."""

    identity: str
    password: str | None = None
    version: str = "1.6"
    vendor: str = "Simulated"
    model: str = "SIM 1"
    serial_number: str = "SIM0000001"
    firmware_version: str = "1.0.0"
    kind: str = KIND_OF_UNKNOWN
    token_group: str = ""
    evses: tuple[EvseSpec, ...] = (EvseSpec(1),)
    meter_fault: MeterFault = MeterFault.NONE
    drift_s: float = 0.0


def read_fleet(path: Path) -> list[StationSpec]:
    """Stations of a JSON file: a list, or an object with ``stations``.

    Each entry has ``identity`` and may have the other members of StationSpec. Raises
    SpecError naming the entry at fault.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise SpecError(f"{path}: is not JSON ({error})") from error
    entries = content.get("stations") if isinstance(content, dict) else content
    if not isinstance(entries, list) or not entries:
        raise SpecError(f"{path}: needs a list of stations")
    return [_station(path, at, entry) for at, entry in enumerate(entries)]


def _station(path: Path, at: int, entry: Any) -> StationSpec:
    try:
        if entry.get("version", "1.6") not in VERSIONS:
            raise SpecError(f"version must be one of {', '.join(VERSIONS)}")
        if entry.get("kind", KIND_OF_UNKNOWN) not in RHYTHMS:
            raise SpecError(f"kind must be one of {', '.join(RHYTHMS)}")
        known = dict(entry)
        known["evses"] = tuple(EvseSpec(**evse) for evse in entry.get("evses", [{"number": 1}]))
        known["meter_fault"] = MeterFault(entry.get("meter_fault", "none"))
        return StationSpec(**known)
    except (AttributeError, TypeError, ValueError) as error:
        raise SpecError(f"{path}: station {at}: {error}") from error


def make_fleet(
    identities: Sequence[str], *, seed: int, versions: Sequence[str], password: str | None
) -> list[StationSpec]:
    """Stations for given identities: versions in turn, AC posts and fast ones mixed."""
    rng = random.Random(f"{seed}:fleet")
    fleet = []
    for at, identity in enumerate(identities):
        fast = rng.random() < 0.3
        evse = EvseSpec(1, 150_000.0, True) if fast else EvseSpec(1)
        fleet.append(
            StationSpec(
                identity=identity,
                password=password,
                version=versions[at % len(versions)],
                serial_number=f"SIM{at + 1:07d}",
                kind="corridor" if fast else "street",
                evses=(evse, EvseSpec(2, evse.max_power_w, fast)),
            )
        )
    return fleet
