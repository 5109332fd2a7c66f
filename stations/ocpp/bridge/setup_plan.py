"""What a station is told after it booted or came back (pure).

Clock-aligned register readings every quarter of an hour make price boundaries metered, not
guessed; a sample each minute keeps pages alive. Only values that differ are sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Message = tuple[str, dict[str, Any]]
Known = Mapping[tuple[str, str], str | None]

MEASURANDS = "Energy.Active.Import.Register,Power.Active.Import,SoC"
_SETTINGS_16 = {
    "ClockAlignedDataInterval": "900",
    "MeterValuesAlignedData": "Energy.Active.Import.Register",
    "MeterValueSampleInterval": "60",
}
_SETTINGS_201 = {
    ("AlignedDataCtrlr", "Interval"): "900",
    ("AlignedDataCtrlr", "Measurands"): "Energy.Active.Import.Register",
    ("SampledDataCtrlr", "TxUpdatedInterval"): "60",
}


def set_up_commands(version: str, known: Known) -> list[Message]:
    """Settings that the station does not have yet, as far as we know."""
    if version == "1.6":
        return [
            ("ChangeConfiguration", {"key": key, "value": value})
            for key, value in _SETTINGS_16.items()
            if known.get(("", key)) != value
        ]
    wanted = [
        {
            "component": {"name": component},
            "variable": {"name": variable},
            "attributeValue": value,
        }
        for (component, variable), value in _SETTINGS_201.items()
        if known.get((component, variable)) != value
    ]
    return [("SetVariables", {"setVariableData": [item]}) for item in wanted]


def first_words(version: str) -> list[Message]:
    """Questions to a station that came back without a BootNotification."""
    return [
        ("TriggerMessage", {"requestedMessage": "BootNotification"}),
        ("TriggerMessage", {"requestedMessage": "StatusNotification"}),
    ]
