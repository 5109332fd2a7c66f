"""Live figures of a running session, fact by fact (pure).

They are what a page shows while a car charges. What a bill is made from comes later, from
all facts together (``reconcile``); the two agree on every ordinary session.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from stations.sessions.facts import DEFAULT_MEASURAND, Fact, Reading, Sample

_FACTORS = {
    "kWh": Decimal(1000),
    "kW": Decimal(1000),
    "kvar": Decimal(1000),
    "kvarh": Decimal(1000),
    "kVA": Decimal(1000),
    "kVAh": Decimal(1000),
}
_BASE = {"kWh": "Wh", "kW": "W", "kvar": "var", "kvarh": "varh", "kVA": "VA", "kVAh": "VAh"}
_LIMIT = Decimal(10) ** 15
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class LiveSession:
    """What the bridge keeps of a session between two facts; written back in bulk."""

    id: int
    operator_id: int
    station_id: int
    transaction: str
    use: int = 0
    is_new: bool = False
    state: str = "active"
    evse_id: int | None = None
    evse_number: int | None = None
    connector_number: int | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    last_fact_at: datetime | None = None
    id_token: str = ""
    meter_start_wh: Decimal | None = None
    register_wh: Decimal | None = None
    energy_wh: Decimal | None = None
    power_w: Decimal | None = None
    soc_percent: Decimal | None = None
    charging_state: str = ""
    stop_reason: str = ""
    authorised: bool | None = None
    reconcile_due: bool = False


def base_value(sample: Sample) -> tuple[Decimal | None, str]:
    """Value and unit in base units (kWh to Wh); None when it is no usable number."""
    if sample.value is None or sample.signed:
        return None, sample.unit or ""
    unit = sample.unit or ("Wh" if sample.measurand.startswith("Energy") else "")
    try:
        value = sample.value.scaleb(sample.multiplier) * _FACTORS.get(unit, 1)
    except InvalidOperation:
        return None, unit
    if not value.is_finite() or abs(value) >= _LIMIT:
        return None, unit
    return value, _BASE.get(unit, unit)


def credible_time(at: datetime | None, arrived_at: datetime) -> datetime:
    """Station time where a calendar could hold it, else the arrival."""
    return at if at is not None and EARLIEST < at < LATEST else arrived_at


def apply_fact(session: LiveSession, fact: Fact) -> None:
    """Bring the live figures up to date with one fact. Facts after the end change nothing
    but the need to reconcile."""
    at = credible_time(fact.at, fact.arrived_at)
    session.last_fact_at = max(session.last_fact_at or fact.arrived_at, fact.arrived_at)
    if fact.id_token and not session.id_token:
        session.id_token = fact.id_token
    if fact.accepted is not None and session.authorised is None:
        session.authorised = fact.accepted
    if fact.kind == "start":
        session.started_at = at
        if fact.meter_wh is not None:
            session.meter_start_wh = session.register_wh = fact.meter_wh
    elif session.started_at is None and fact.kind in ("update", "readings"):
        session.started_at = at
    if session.state != "active":
        session.reconcile_due = True
        if fact.kind != "stop":
            return
    _apply_readings(session, fact.readings)
    if fact.charging_state:
        session.charging_state = fact.charging_state
    if fact.kind == "stop" and session.state != "ended":
        _apply_stop(session, fact, at)
    _apply_energy(session)


def _apply_stop(session: LiveSession, fact: Fact, at: datetime) -> None:
    session.state = "ended"
    session.stopped_at = at
    session.stop_reason = fact.reason or ("Local" if fact.version == "1.6" else "")
    session.power_w = Decimal(0)
    session.charging_state = ""
    session.reconcile_due = True
    if fact.meter_wh is not None and fact.meter_wh >= (session.register_wh or 0):
        session.register_wh = fact.meter_wh


def _apply_readings(session: LiveSession, readings: Iterable[Reading]) -> None:
    for reading in readings:
        register = total_of(reading.samples, DEFAULT_MEASURAND)
        if register is not None and register >= 0:
            if session.meter_start_wh is None:
                session.meter_start_wh = register
            session.register_wh = register
        power = total_of(reading.samples, "Power.Active.Import")
        if power is not None:
            session.power_w = min(power, Decimal(10) ** 9)
        for sample in reading.samples:
            if sample.measurand == "SoC" and sample.value is not None:
                session.soc_percent = min(max(sample.value, Decimal(0)), Decimal(100))


def _apply_energy(session: LiveSession) -> None:
    if session.register_wh is None or session.meter_start_wh is None:
        return
    energy = session.register_wh - session.meter_start_wh
    if energy >= 0:
        session.energy_wh = energy


def total_of(samples: Iterable[Sample], measurand: str) -> Decimal | None:
    """The total of a measurand at the outlet: the sample without phase, else L1..L3 summed."""
    phases: dict[str, Decimal] = {}
    for sample in samples:
        if sample.measurand != measurand or sample.location not in ("", "Outlet"):
            continue
        value, _unit = base_value(sample)
        if value is None:
            continue
        if not sample.phase:
            return value
        phases[sample.phase.removesuffix("-N")] = value
    wanted = [phases[name] for name in ("L1", "L2", "L3") if name in phases]
    return sum(wanted, Decimal(0)) if len(wanted) == 3 else None
