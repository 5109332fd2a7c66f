"""Meters of stations, honest and bad ones (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class MeterFault(Enum):
    """What a bad meter does. Named after what is seen in the field."""

    NONE = "none"
    KWH_AS_WH = "kwh_as_wh"
    """Readings along the way are in kWh but say Wh; begin and end are right."""
    MIXED_UNITS = "mixed_units"
    """Every other reading is in kWh and says so: unusual, but right."""
    RESET = "reset"
    """The register falls back to zero in the middle of a session."""
    ZERO_STOP = "zero_stop"
    """The register at the end is reported as 0."""
    SILENT = "silent"
    """No readings along the way; the end repeats the begin."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A register value as a station shows it: ``text`` in ``unit``."""

    text: str
    unit: str


@dataclass(slots=True)
class Meter:
    """One EVSE's register. ``true_wh`` is what really flowed, ``register_wh`` what it says."""

    register_wh: float
    fault: MeterFault = MeterFault.NONE
    true_wh: float = 0.0
    shown: int = 0

    def add(self, energy_wh: float) -> None:
        """Let energy flow through."""
        self.true_wh += energy_wh
        self.register_wh += energy_wh

    def fall_back(self) -> None:
        """A restart of a meter that forgets: the register begins at zero again."""
        self.register_wh = 0.0

    def sample(self) -> Shown | None:
        """A reading along the way; None from a silent meter."""
        self.shown += 1
        if self.fault is MeterFault.SILENT:
            return None
        if self.fault is MeterFault.KWH_AS_WH:
            return Shown(f"{self.register_wh / 1000:.3f}", "Wh")
        if self.fault is MeterFault.MIXED_UNITS and self.shown % 2:
            return Shown(f"{self.register_wh / 1000:.3f}", "kWh")
        return Shown(f"{self.register_wh:.1f}", "Wh")

    def at_begin(self) -> int:
        """Whole Wh at the begin of a session."""
        return int(self.register_wh)

    def at_end(self, begin_wh: int) -> int:
        """Whole Wh at the end of a session that began at ``begin_wh``."""
        if self.fault is MeterFault.ZERO_STOP:
            return 0
        if self.fault is MeterFault.SILENT:
            return begin_wh
        return int(self.register_wh)
