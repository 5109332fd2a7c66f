"""What a rule finds, and how a rule is set (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A trouble at a station, or at one EVSE of it (``evse``: its number; 0: all of it)."""

    rule: str
    kind: str
    station: int
    evse: int = 0
    since_at: datetime
    severity: str = ""
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    ref: str = ""

    @property
    def key(self) -> str:
        """Names the trouble within the operator."""
        return f"{self.kind}:{self.station}:{self.evse}"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a rule is set for one station."""

    is_enabled: bool
    severity: str
    figures: Mapping[str, float]

    def number(self, name: str) -> float:
        """A figure."""
        return float(self.figures[name])

    def span(self, name: str) -> timedelta:
        """A figure in seconds."""
        return timedelta(seconds=float(self.figures[name]))


@dataclass(frozen=True, slots=True)
class Default:
    """How a rule is set where nobody decided otherwise."""

    code: str
    kind: str
    severity: str
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Override:
    """What an operator decided; patterns are empty or have ``*``."""

    code: str
    vendor: str
    model: str
    firmware: str
    is_enabled: bool
    severity: str
    figures: Mapping[str, float]

    def fits(self, vendor: str, model: str, firmware: str) -> bool:
        """Whether it is about such a station."""
        pairs = ((self.vendor, vendor), (self.model, model), (self.firmware, firmware))
        return all(not want or fnmatchcase(has.lower(), want.lower()) for want, has in pairs)

    @property
    def weight(self) -> int:
        """The more it names the later it is applied, firmware last."""
        return bool(self.vendor) + 2 * bool(self.model) + 4 * bool(self.firmware)


def setting_of(
    default: Default, overrides: Sequence[Override], vendor: str, model: str, firmware: str
) -> Setting:
    """The usual setting with what fits laid over it, the most special last."""
    enabled, severity, figures = True, default.severity, dict(default.figures)
    fitting = [
        one for one in overrides if one.code == default.code and one.fits(vendor, model, firmware)
    ]
    for one in sorted(fitting, key=lambda one: one.weight):
        enabled = one.is_enabled
        severity = one.severity or severity
        figures |= {name: value for name, value in one.figures.items() if name in figures}
    return Setting(enabled, severity, figures)
