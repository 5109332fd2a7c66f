"""Connector states of 1.6 and 2.x in our words (1.6 section 7.7, 2.0.1 ConnectorStatusEnumType).

The words are the values of ``stations.hardware.choices.ConnectorStatus``.
"""

from __future__ import annotations

_STATUS: dict[str, str] = {
    "available": "available",
    "preparing": "preparing",
    "charging": "charging",
    "suspendedev": "suspended_ev",
    "suspendedevse": "suspended_evse",
    "finishing": "finishing",
    "reserved": "reserved",
    "unavailable": "unavailable",
    "faulted": "faulted",
    "occupied": "occupied",
}
_SENT_BY: dict[str, frozenset[str]] = {
    "1.6": frozenset(_STATUS) - {"occupied"},
    "2.0.1": frozenset({"available", "occupied", "reserved", "unavailable", "faulted"}),
}


def our_status(name: str) -> str | None:
    """Our word for a status name of either version and any case; None when there is none."""
    return _STATUS.get(_folded(name))


def belongs_to(name: str, version: str) -> bool:
    """Whether ``version`` has this status at all."""
    return _folded(name) in _SENT_BY["1.6" if version == "1.6" else "2.0.1"]


def _folded(name: str) -> str:
    return name.strip().lower().replace("_", "").replace(" ", "")
