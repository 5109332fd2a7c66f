"""The next message that brings a station's list to what it should be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stations.hardware.models import DeviceVariable, Station
from stations.ocpp import local_lists
from stations.ocpp.lists.capacity import Capacity, capacity
from stations.ocpp.lists.steps import digest
from stations.ocpp.local_lists import Parameters
from stations.ocpp.models import LocalList


@dataclass(frozen=True, slots=True)
class Plan:
    """``parameters`` of ``send_local_list`` (None: the list is as it should be), whether more
    parts follow, and what the whole list should be."""

    parameters: Parameters | None
    continues: bool
    wanted_count: int
    wanted_hash: str
    left_out_count: int


def plan_for(
    station: Station,
    kept: LocalList,
    version: str,
    at: datetime,
    *,
    update: str = "",
    cache: dict[Any, Any] | None = None,
) -> Plan:
    """What to send next. ``update``: ``full`` sends the list anew although it may be right.

    A list longer than one message goes in parts: the first replaces the list, the following
    ones change it. What does not fit into the station at all is left out.
    """
    room = capacity_of(station, version)
    wanted = local_lists.fitting(local_lists.wanted_entries(station, at, cache), version)
    fit = wanted if room.longest is None else wanted[: room.longest]
    as_sent = local_lists.as_sent(fit, version)
    parameters, continues = _next(kept, fit, version, room.a_message, whole=update == "full")
    return Plan(parameters, continues, len(fit), digest(as_sent), len(wanted) - len(fit))


def _next(
    kept: LocalList, wanted: list[Parameters], version: str, size: int, *, whole: bool
) -> tuple[Parameters | None, bool]:
    number = local_lists.next_version(kept)
    unknown = not kept.version or kept.needs_full or local_lists.differs(kept)
    if whole or (unknown and (wanted or kept.version or kept.needs_full)):
        first = {"update": "full", "version": number, "entries": wanted[:size]}
        return first, len(wanted) > size
    changes = [] if unknown else local_lists.changes(kept, wanted, version)
    if not changes:
        return None, False
    part = {"update": "differential", "version": number, "entries": changes[:size]}
    return part, len(changes) > size


def capacity_of(station: Station, version: str) -> Capacity:
    """What the station told of the length of its list."""
    rows = DeviceVariable.objects.filter(station=station, attribute="Actual").filter(
        variable__in=[
            "LocalAuthListMaxLength",
            "SendLocalListMaxLength",
            "Entries",
            "MaxEntries",
            "ItemsPerMessage",
        ]
    )
    told = {
        row.key.casefold(): row.characteristics.get("maxLimit")
        if row.variable == "Entries"
        else row.value
        for row in rows
    }
    return capacity(version, told)
