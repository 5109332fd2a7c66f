"""What is known around a session besides its facts: zone, power limit, quirks, clock (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stations.hardware.quirks import Quirks, parse_quirks, positive
from stations.sessions.clock import Clock
from stations.sessions.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPoint:
    """A connector's reported status (``Charging``, ``SuspendedEV``, …) from ``at`` on."""

    at: datetime
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContext:
    """Surroundings of one session.

    ``max_power_w``: what the connector can deliver; None when not known.
    ``clock``: as ``learn_clock`` saw it on all the station's messages; None: the facts given.
    ``statuses``: the connector's status journal around the session, if at hand.
    ``ongoing`` and ``messages_in_queue``: last answer of GetTransactionStatus (2.x), if any.
    ``connector_free_at``: when the connector was last reported free after the start.
    ``superseded_at``: when another session began on the same EVSE.
    ``match_findings``: what grouping had to say about this session.
    """

    zone: tzinfo = UTC
    max_power_w: Decimal | None = None
    quirks: Quirks = field(default_factory=Quirks)
    clock: Clock | None = None
    statuses: tuple[StatusPoint, ...] = ()
    ongoing: bool | None = None
    messages_in_queue: bool | None = None
    connector_free_at: datetime | None = None
    superseded_at: datetime | None = None
    silence_limit: timedelta = timedelta(hours=24)
    match_findings: tuple[Finding, ...] = ()


def parse_context(data: object) -> SessionContext:
    """Context from JSON ``{"zone", "max_power_w", "quirks"}``; ValueError names what is wrong."""
    if not isinstance(data, Mapping):
        raise ValueError("a station's context must be an object")
    power = data.get("max_power_w")
    return SessionContext(
        zone=_zone(data.get("zone")),
        max_power_w=None if power is None else positive("max_power_w", power),
        quirks=parse_quirks(data.get("quirks")),
    )


def _zone(name: object) -> tzinfo:
    if name is None:
        return UTC
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown zone {name!r}") from error
