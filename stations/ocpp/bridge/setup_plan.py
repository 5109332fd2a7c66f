"""What a station is told after it booted or came back (pure).

Clock-aligned register readings every quarter of an hour make price boundaries metered, not
guessed; a sample each minute keeps pages alive. Only values that differ are sent, and none
that a template or the station's own value takes care of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

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
BUILT_IN: Final[Mapping[str, Mapping[str, str]]] = {
    "1.6": _SETTINGS_16,
    "2.0.1": {
        f"{component}.{variable}": value for (component, variable), value in _SETTINGS_201.items()
    },
}
"""The built-in defaults by version, each by its key as one text."""


def set_up_commands(version: str, known: Known, left_out: Collection[str] = ()) -> list[Message]:
    """Settings that the station does not have yet, as far as we know; ``left_out``: keys in
    lower case that others take care of."""
    if version == "1.6":
        return [
            ("ChangeConfiguration", {"key": key, "value": value})
            for key, value in _SETTINGS_16.items()
            if known.get(("", key)) != value and key.lower() not in left_out
        ]
    wanted = [
        {
            "component": {"name": component},
            "variable": {"name": variable},
            "attributeValue": value,
        }
        for (component, variable), value in _SETTINGS_201.items()
        if known.get((component, variable)) != value
        and f"{component}.{variable}".lower() not in left_out
    ]
    return [("SetVariables", {"setVariableData": [item]}) for item in wanted]


def first_words(version: str) -> list[Message]:
    """Questions to a station that came back without a BootNotification."""
    return [
        ("TriggerMessage", {"requestedMessage": "BootNotification"}),
        ("TriggerMessage", {"requestedMessage": "StatusNotification"}),
    ]
