"""What a station told about charging, as plain facts; input of the reconciler (pure).

A fact is one message of a station reduced to what it says. Readers in ``stations.ocpp``
make facts from frames; the bridge stores them; ``reconcile`` turns them into sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

FactKind = Literal["start", "update", "stop", "readings"]
"""start: StartTransaction / Started. update: Updated. stop: StopTransaction / Ended.
readings: MeterValues of either version."""

DEFAULT_MEASURAND = "Energy.Active.Import.Register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sampled value. Names are OCPP's; omitted members hold the protocol's defaults,
    except ``unit``, where None means "not sent" (a quirk may then decide the unit)."""

    raw: str
    value: Decimal | None  # None: not a finite number; the raw text is kept
    measurand: str = DEFAULT_MEASURAND
    phase: str | None = None
    location: str = "Outlet"
    unit: str | None = None
    multiplier: int = 0  # 2.0.1: value x 10^multiplier
    context: str = "Sample.Periodic"
    signed: bool = False
    signed_data: str = ""  # the signed value as it was sent, character for character
    public_key: str = ""  # 2.x: the meter's key as it was sent with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Samples taken at one instant. ``at`` is None when the station's text is no time."""

    at_raw: str
    at: datetime | None
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One message of a station about a session.

    ``key``: digest of station + action + content without message id; the same key is the
    same fact, however often it is sent. ``transaction``: OCPP transaction id as text; for a
    1.6 start the id that we answered, None when unknown. ``evse``: EVSE id (2.0.1) or
    connector id (1.6). ``connector``: connector within the EVSE (1 for 1.6 when evse > 0).
    ``at``: station time as parsed, aware; None when unreadable or implausible to parse.
    ``meter_wh``: meterStart / meterStop of 1.6 as sent, in the protocol's Wh.
    ``reason``: stop reason in OCPP spelling. ``notes``: finding codes of the reader.
    """

    key: str
    kind: FactKind
    station: str
    version: str  # "1.6" | "2.0.1" | "2.1"
    arrived_at: datetime
    at_raw: str
    at: datetime | None
    transaction: str | None = None
    evse: int | None = None
    connector: int | None = None
    id_token: str | None = None
    id_token_type: str = ""  # 2.x name; NoAuthorization: none was asked for
    accepted: bool | None = None  # our authorisation answer to this fact, when known
    meter_wh: Decimal | None = None
    seq_no: int | None = None
    offline: bool = False
    trigger: str | None = None
    charging_state: str | None = None
    reason: str | None = None
    reservation: int | None = None
    remote_start: int | None = None
    readings: tuple[Reading, ...] = ()
    notes: tuple[str, ...] = ()
