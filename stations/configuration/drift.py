"""How a desired value and a station's word compare, given what was tried (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from stations.configuration.values import same_value

State = Literal["in_step", "drift", "unknown", "refused", "read_only", "reboot"]

REFUSALS: Final = frozenset(
    {
        "Rejected",
        "NotSupported",
        "UnknownComponent",
        "UnknownVariable",
        "NotSupportedAttributeType",
    }
)
"""Answers that a repetition would not change (1.6 §7.22, 2.0.1 SetVariableStatusEnumType)."""
REBOOT: Final = "RebootRequired"
TAKEN: Final = frozenset({"Accepted", REBOOT})


@dataclass(frozen=True, slots=True)
class Told:
    """What the station last said about a key; ``value`` None: not told (write-only)."""

    value: str | None
    at: datetime
    mutability: str = ""
    data_type: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The last attempt to set the key, with the station's answer."""

    value: str
    answer: str
    at: datetime


def state_of(
    value: str, told: Told | None, attempt: Attempt | None, booted_at: datetime | None
) -> State:
    """The state of a desired ``value``.

    A refusal counts as long as the same value is desired; a new value is worth a new try.
    """
    answer = attempt.answer if attempt is not None and attempt.value == value else ""
    if answer == REBOOT and attempt is not None and (booted_at is None or booted_at < attempt.at):
        return "reboot"
    if (
        told is not None
        and told.value is not None
        and same_value(value, told.value, told.data_type)
    ):
        return "in_step"
    if answer in REFUSALS:
        return "refused"
    if told is None or told.value is None:
        return "in_step" if answer in TAKEN else "unknown"
    return "read_only" if told.mutability == "ReadOnly" else "drift"
