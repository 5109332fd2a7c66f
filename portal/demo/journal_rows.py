"""The past of statuses and connections as rows for COPY, in order of time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from portal.demo.history import EvseHistory, StationHistory
from portal.demo.network_rows import Ids
from portal.demo.timeline import own_outage
from portal.demo.visits import Visit

Row = tuple[Any, ...]

STATUS_COLUMNS: Final = (
    "received_at operator_id station_id evse_number connector_number status status_raw "
    "error_code info station_at station_at_raw generation"
)
CONNECTION_COLUMNS: Final = (
    "received_at happened_at operator_id station_id generation kind bridge ocpp_version "
    "remote_address close_code reason"
)
BRIDGE: Final = "bridge1"

# 1.6 word: (our status, 2.0.1 word)
_WORDS: Final = {
    "Available": ("available", "Available"),
    "Preparing": ("preparing", "Occupied"),
    "Charging": ("charging", "Occupied"),
    "SuspendedEV": ("suspended_ev", "Occupied"),
    "Finishing": ("finishing", "Occupied"),
    "Faulted": ("faulted", "Faulted"),
}


class Change(NamedTuple):
    """An EVSE's status from ``at`` on, in 1.6 words."""

    at: datetime
    status: str
    error: str
    info: str


class LinkEvent(NamedTuple):
    """A change of a station's connection."""

    happened_at: datetime
    received_at: datetime
    generation: int
    kind: str
    close_code: int | None
    reason: str


@dataclass
class JournalRows:
    """Makes the journal rows of one station."""

    ids: Ids
    history: StationHistory
    now: datetime
    rng: random.Random

    def __post_init__(self) -> None:
        self.operator_id = self.ids.operators[self.history.operator.slug]
        self.station_id = self.ids.stations[self.history.station.identity]
        self.version = self.history.station.make.ocpp_version
        self.links = list(self._links())

    @property
    def generation(self) -> int:
        """The generation of the last connection."""
        return self.links[-1].generation

    def connections(self) -> Iterator[Row]:
        """Rows of the connection journal."""
        address = f"10.{self.station_id % 200 + 10}.{self.station_id // 200 % 250}.7"
        for link in self.links:
            yield (
                link.received_at,
                link.happened_at,
                self.operator_id,
                self.station_id,
                link.generation,
                link.kind,
                BRIDGE,
                self.version,
                address if link.kind == "connected" else "",
                link.close_code,
                link.reason,
            )

    def _links(self) -> Iterator[LinkEvent]:
        outage = own_outage(self.now)
        spans = [(gap, False) for gap in self.history.gaps.spans]
        if outage.began_at > self.history.connected_at:
            spans.append((outage, True))
        generation = 1
        start = self.history.connected_at
        yield LinkEvent(start, start, generation, "connected", None, "")
        for span, is_ours in sorted(spans, key=lambda pair: pair[0].began_at):
            kind = "csms_outage" if is_ours else "disconnected"
            code = None if is_ours else int(span.code)
            noticed = span.ended_at if is_ours else span.began_at + timedelta(milliseconds=40)
            yield LinkEvent(span.began_at, noticed, generation, kind, code, span.info)
            generation += 1
            yield LinkEvent(span.ended_at, span.ended_at, generation, "connected", None, "")
        yield LinkEvent(self.now, self.now, generation, "csms_outage", None, "not started yet")

    def outages(self) -> Iterator[tuple[int, datetime, datetime | None]]:
        """Our own outages of this station: generation, begin, end (None: still)."""
        links = self.links
        for at, link in enumerate(links):
            if link.kind == "csms_outage":
                ended_at = links[at + 1].happened_at if at + 1 < len(links) else None
                yield link.generation, link.happened_at, ended_at

    def statuses(self) -> Iterator[tuple[int, Row]]:
        """Rows of the status journal with their EVSE, in order of each EVSE."""
        for evse in self.history.evses:
            for change in changes(evse, self.history.connected_at, self.now, self.version):
                yield evse.evse.number, self._status(evse.evse.number, change)

    def _status(self, number: int, change: Change) -> Row:
        ours, word_201 = _WORDS[change.status]
        is_16 = self.version == "1.6"
        return (
            self.history.gaps.arrival(change.at, self.rng.randint(60, 600)),
            self.operator_id,
            self.station_id,
            number,
            1,
            ours if is_16 or ours in ("available", "faulted") else "occupied",
            change.status if is_16 else word_201,
            change.error if is_16 else "",
            change.info if is_16 else "",
            change.at,
            change.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            self._generation_at(change.at),
        )

    def _generation_at(self, at: datetime) -> int:
        generation = 1
        for link in self.links:
            if link.happened_at > at:
                break
            generation = link.generation
        return generation


def changes(evse: EvseHistory, begin: datetime, now: datetime, version: str) -> list[Change]:
    """Status changes of an EVSE in order, up to ``now``."""
    found = [Change(begin, "Available", "NoError", "")]
    for fault in evse.faults:
        found.append(Change(fault.began_at, "Faulted", fault.code, fault.info))
        found.append(Change(fault.ended_at, "Available", "NoError", ""))
    for visit in evse.visits:
        found.extend(_of_visit(visit, version))
    return sorted((change for change in found if change.at < now), key=lambda change: change.at)


def _of_visit(visit: Visit, version: str) -> Iterator[Change]:
    started_at, stopped_at = visit.started_at, visit.stopped_at
    yield Change(started_at - timedelta(seconds=9), "Preparing", "NoError", "")
    if version == "1.6":
        yield Change(started_at + timedelta(seconds=2), "Charging", "NoError", "")
        if visit.charged_until < stopped_at - timedelta(minutes=8):
            yield Change(visit.charged_until, "SuspendedEV", "NoError", "")
        yield Change(stopped_at, "Finishing", "NoError", "")
    yield Change(stopped_at + timedelta(seconds=40), "Available", "NoError", "")
