"""What readers hand on: version-neutral facts of one message, with notes on its oddities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from stations.sessions.facts import Fact


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where and when a message came in. ``zone``: of the station's site."""

    station: str
    version: str
    arrived_at: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Not even the lenient reader finds in it what the message is about."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdToken:
    """What a driver presented. ``type``: the 2.x name, empty in 1.6."""

    value: str
    type: str = ""
    additional: tuple[tuple[str, str], ...] = ()  # (id, type)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMessage:
    """A message about a session: the fact, and the token as presented if there is one."""

    fact: Fact
    token: IdToken | None = None
    phases_used: int | None = None
    cable_max_a: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """The station lives."""

    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """Who the station says it is. ``reason``: the 2.x boot reason."""

    vendor: str = ""
    model: str = ""
    serial_number: str = ""
    firmware_version: str = ""
    iccid: str = ""
    imsi: str = ""
    meter_type: str = ""
    meter_serial_number: str = ""
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """State of a connector. ``evse`` 0 is the station itself (1.6: connector id as EVSE).

    ``status``: our word (``available``, ``charging`` …). ``error_code``: 1.6, as sent.
    """

    evse: int
    connector: int
    status: str
    status_raw: str
    at_raw: str
    at: datetime | None
    error_code: str = ""
    info: str = ""
    vendor_id: str = ""
    vendor_error_code: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizeRequest:
    """Someone presents a token. ``certificate``: contract certificate (PEM) of ISO 15118."""

    token: IdToken
    certificate: str | None = None
    certificate_hashes: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareReport:
    """Progress of a firmware update, in OCPP's word."""

    status: str
    request_id: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """Progress of an upload of diagnostics or a log, in OCPP's word."""

    status: str
    request_id: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEvent:
    """Something about the station's security."""

    type: str
    at_raw: str
    at: datetime | None
    tech_info: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorMessage:
    """DataTransfer. ``data`` is the JSON value as sent."""

    vendor_id: str
    message_id: str = ""
    data: Any = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationUpdate:
    """A reservation ended at the station: ``Expired``, ``Removed`` or (2.1) another word."""

    reservation_id: int
    status: str
    notes: tuple[str, ...] = ()
