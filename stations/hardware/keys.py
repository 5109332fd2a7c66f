"""How a configuration key or a device-model variable is written as one text (pure).

OCPP 1.6: the key itself. OCPP 2.x: ``Component[instance]@evse:connector.Variable[instance]``,
where everything but the two names may be left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

_NAME: Final = r"[^.\[\]@:\s][^.\[\]@:]*"
_PLACE: Final = re.compile(
    rf"(?P<component>{_NAME})(?:\[(?P<component_instance>[^\[\]]*)\])?"
    r"(?:@(?P<evse>\d{1,9})(?::(?P<connector>\d{1,9}))?)?"
    rf"\.(?P<variable>{_NAME})(?:\[(?P<variable_instance>[^\[\]]*)\])?"
)
LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs in a station; ``component`` is empty for a key of 1.6."""

    variable: str
    component: str = ""
    component_instance: str = ""
    evse: int = 0
    connector: int = 0
    variable_instance: str = ""

    @property
    def key(self) -> str:
        """The place as one text."""
        if not self.component:
            return self.variable
        place = f"@{self.evse}" if self.evse else ""
        place += f":{self.connector}" if self.evse and self.connector else ""
        return (
            f"{self.component}{_bracketed(self.component_instance)}{place}"
            f".{self.variable}{_bracketed(self.variable_instance)}"
        )

    @property
    def parameter(self) -> str | dict[str, Any]:
        """The place as ``set_configuration`` and ``get_configuration`` take it."""
        if not self.component:
            return self.variable
        named = {
            "component": self.component,
            "variable": self.variable,
            "component_instance": self.component_instance,
            "evse": self.evse,
            "connector": self.connector,
            "variable_instance": self.variable_instance,
        }
        return {name: value for name, value in named.items() if value}


def _bracketed(instance: str) -> str:
    return f"[{instance}]" if instance else ""


def folded(key: str) -> str:
    """The form by which keys are compared: names have no letter case (2.0.1 part 2, 1.6 §9)."""
    return key.strip().casefold()


def parse_key(text: str, version: str) -> Place | None:
    """The place that ``text`` names in a version of OCPP; None when it names none."""
    key = text.strip()
    if not key or len(key) > LONGEST or not key.isprintable():
        return None
    if version == "1.6":
        return Place(key) if len(key) <= 50 and not any(c.isspace() for c in key) else None
    found = _PLACE.fullmatch(key)
    if found is None:
        return None
    part = found.groupdict(default="")
    return Place(
        variable=part["variable"].strip(),
        component=part["component"].strip(),
        component_instance=part["component_instance"],
        evse=int(part["evse"] or 0),
        connector=int(part["connector"] or 0),
        variable_instance=part["variable_instance"],
    )
