"""Playbooks: ordered steps by class of fault, and what each action is (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to ask: the command, its parameters, what it may disturb. ``reach``: ``none``
    (harmless), ``evse`` or ``station``. ``names_evse``: takes the number of the EVSE."""

    name: str
    command: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reach: str = "none"
    is_restart: bool = False
    names_evse: bool = False


ACTIONS: Final[dict[str, Action]] = {
    one.name: one
    for one in (
        Action(
            "trigger_status", "trigger_message", {"message": "status_notification"},
            names_evse=True,
        ),
        Action("heartbeat", "trigger_message", {"message": "heartbeat"}),
        Action("soft_reset", "reset", {"type": "soft"}, reach="station", is_restart=True),
        Action("hard_reset", "reset", {"type": "hard"}, reach="station", is_restart=True),
        Action("unlock", "unlock_connector", reach="evse", names_evse=True),
        Action("clear_cache", "clear_cache"),
        Action(
            "availability_off", "change_availability", {"operative": False}, reach="evse",
            names_evse=True,
        ),
        Action(
            "availability_on", "change_availability", {"operative": True}, names_evse=True
        ),
        Action(
            "out_of_service", "change_availability", {"operative": False}, names_evse=True
        ),
    )
}  # fmt: skip
SAFE_FOR_SAFETY: Final = frozenset({"out_of_service"})
"""All that is ever asked after a safety fault."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what is asked, and how long it has to help."""

    action: str
    wait_s: int


_RESETS: Final = (Step("trigger_status", 60), Step("soft_reset", 420), Step("hard_reset", 600))
DEFAULTS: Final[dict[str, tuple[Step, ...]]] = {
    "safety": (Step("out_of_service", 60),),
    "transient": _RESETS,
    "connector": (Step("unlock", 30), Step("unlock", 30), Step("soft_reset", 420)),
    "thermal": (Step("trigger_status", 900),),
    "power": (Step("trigger_status", 900),),
    "vehicle": (),
    "meter": (Step("trigger_status", 60), Step("soft_reset", 420)),
    "reader": (Step("clear_cache", 60), Step("trigger_status", 60), Step("soft_reset", 420)),
    "network": (Step("heartbeat", 60), Step("trigger_status", 300)),
    "harmless": (),
    "unavailable": (
        Step("trigger_status", 60), Step("availability_off", 30), Step("availability_on", 60),
        Step("soft_reset", 420),
    ),
    "delivery": (Step("trigger_status", 60), Step("soft_reset", 420)),
    "stuck": (Step("trigger_status", 60), Step("unlock", 60), Step("soft_reset", 420)),
}  # fmt: skip
_BY_KIND: Final = {
    "safety": "safety",
    "temperature": "thermal",
    "unavailable": "unavailable",
    "zero_energy": "delivery",
    "refused": "reader",
    "stuck": "stuck",
}


def class_of(kind: str, facts: Mapping[str, Any]) -> str:
    """The class of fault that an incident is healed as; empty: nothing is tried."""
    if kind == "faulted":
        return str(facts.get("class") or "transient")
    return _BY_KIND.get(kind, "")


def steps_from(rows: Iterable[Any]) -> tuple[Step, ...]:
    """Steps as an operator stored them; raises ValueError for what is none."""
    found = []
    for row in rows:
        if not isinstance(row, Mapping) or row.get("action") not in ACTIONS:
            raise ValueError("unknown action")
        wait = row.get("wait_s")
        if not isinstance(wait, int) or isinstance(wait, bool) or not 1 <= wait <= 86_400:
            raise ValueError("bad wait")
        found.append(Step(str(row["action"]), wait))
    return tuple(found)


def stored(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps as rows keep them."""
    return [{"action": one.action, "wait_s": one.wait_s} for one in steps]
