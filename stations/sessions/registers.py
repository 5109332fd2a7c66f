"""Register points, interval values and power values out of a session's facts (pure).

Rules R1 to R8 of docs/reconciliation.md: which samples are the meter's total, how phases
are summed, how units and multipliers apply (OCPP 1.6 3.16, 7.31, 7.43 and 7.45; OCPP 2.0.1
SampledValueType and UnitOfMeasureType).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from stations.hardware.quirks import Quirks
from stations.sessions.clock import Clock, Moment, fact_time
from stations.sessions.facts import DEFAULT_MEASURAND, Fact, Reading, Sample
from stations.sessions.findings import Finding, found

INTERVAL = "Energy.Active.Import.Interval"
POWER = "Power.Active.Import"
BEGIN, END = "Transaction.Begin", "Transaction.End"
LARGEST_WH = Decimal(10) ** 13
LARGEST_MULTIPLIER = 12

Label = Literal["meter", "Wh", "kWh", "none"]
Role = Literal["begin", "sample", "end"]
_RANK: dict[Role, int] = {"begin": 0, "sample": 1, "end": 2}
_PHASES = {"L1": "L1", "L2": "L2", "L3": "L3", "L1-N": "L1", "L2-N": "L2", "L3-N": "L3"}
_POWER_FACTOR = {"w": Decimal(1), "kw": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Point:
    """A register value at an instant. ``label``: where its unit comes from. ``is_timed``:
    whether the instant is the station's own and not just an arrival."""

    at: datetime
    value_wh: Decimal
    role: Role
    label: Label
    is_meter_field: bool
    is_timed: bool
    order: int = 0

    @property
    def key(self) -> tuple[datetime, int, int, Decimal, str]:
        """Total order: time, begin before samples before end, place in the message, value."""
        return (self.at, _RANK[self.role], self.order, self.value_wh, self.label)


@dataclass(frozen=True, slots=True)
class Amount:
    """An interval's energy (Wh) or a momentary power (W) at an instant."""

    at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything measured in a session, in order of time."""

    points: tuple[Point, ...]
    intervals: tuple[Amount, ...]
    power: tuple[Amount, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One instant of one message: its samples of one context."""

    moment: Moment
    context: str
    samples: tuple[Sample, ...]
    order: int


def extract(facts: Sequence[Fact], clock: Clock, quirks: Quirks) -> Extraction:
    """Register points and other energy evidence of one session's facts."""
    rows = [row for fact in facts for row in _rows(fact, clock)]
    needed = _needed_phases(rows, quirks)
    counts: Counter[str] = Counter()
    points = [point for fact in facts for point in _meter_fields(fact, clock, quirks)]
    for row in rows:
        point = _register(row, quirks, needed, counts)
        if point is not None:
            points.append(point)
    intervals = {_amount(row, INTERVAL, quirks) for row in rows} - {None}
    power = {_amount(row, POWER, quirks) for row in rows} - {None}
    return Extraction(
        points=tuple(sorted(set(points), key=lambda point: point.key)),
        intervals=_in_order(intervals),
        power=_in_order(power),
        findings=_findings(counts, quirks),
    )


def reading_moment(reading: Reading, fact: Fact, clock: Clock) -> Moment:
    """When a reading was taken: as the message's clock says, else when it arrived."""
    own = clock.correct(fact_time(fact), fact.arrived_at, fact.offline)
    if reading.at is None or reading.at == fact_time(fact):
        return own
    if own.offset is None:
        return clock.correct(reading.at, fact.arrived_at, offline=True)
    lag = fact.arrived_at - reading.at
    moved = clock.correct(reading.at, fact.arrived_at, offline=True)
    if moved.source == "arrival" or own.offset > lag:
        return Moment(fact.arrived_at, "arrival", None)
    return Moment(reading.at + own.offset, own.source, own.offset)


def _rows(fact: Fact, clock: Clock) -> Iterable[_Row]:
    """Samples of a fact by instant and context; split elements of one instant are joined."""
    rows: dict[tuple[Moment, str], list[Sample]] = defaultdict(list)
    for reading in fact.readings:
        moment = reading_moment(reading, fact, clock)
        for sample in reading.samples:
            rows[(moment, sample.context)].append(sample)
    for order, ((moment, context), samples) in enumerate(rows.items()):
        yield _Row(moment, context, tuple(samples), order)


def _meter_fields(fact: Fact, clock: Clock, quirks: Quirks) -> Iterable[Point]:
    """meterStart and meterStop of 1.6, whole Wh by definition."""
    if fact.meter_wh is None or fact.kind not in ("start", "stop"):
        return
    moment = clock.correct(fact_time(fact), fact.arrived_at, fact.offline)
    factor = 1000 if quirks.meter_unit == "kWh" else 1
    yield Point(
        at=moment.at,
        value_wh=fact.meter_wh * factor,
        role="begin" if fact.kind == "start" else "end",
        label="meter",
        is_meter_field=True,
        is_timed=moment.source != "arrival",
        order=-1 if fact.kind == "start" else 1_000_000,
    )


def _register(
    row: _Row, quirks: Quirks, needed: frozenset[str], counts: Counter[str]
) -> Point | None:
    """The total of a row, else the sum of its phases; never one phase for the total."""
    totals: list[tuple[Decimal, Label]] = []
    phases: dict[str, tuple[Decimal, Label]] = {}
    for sample in row.samples:
        if sample.measurand != DEFAULT_MEASURAND:
            continue
        value = _usable(sample, quirks, counts)
        if value is None:
            continue
        if sample.phase is None:
            totals.append((value, _label(sample)))
            continue
        phase = _PHASES.get(sample.phase)
        if phase is not None and (phase == sample.phase or phase not in phases):
            phases[phase] = (value, _label(sample))
    if totals:
        value, label = min(totals, key=lambda one: (one[1] == "kWh", one[1] == "none", -one[0]))
        return _point(row, value, label)
    if not phases:
        return None
    if not needed or set(phases) != needed:
        counts["phases_incomplete"] += 1
        return None
    counts["phases_summed"] += 1
    label = min(one[1] for one in phases.values())
    return _point(row, sum((one[0] for one in phases.values()), Decimal(0)), label)


def _usable(sample: Sample, quirks: Quirks, counts: Counter[str]) -> Decimal | None:
    """The sample in Wh, or None with the reason counted."""
    if sample.location != "Outlet":
        counts["register_location"] += 1
        return None
    if sample.value is None:
        counts["sample_unreadable"] += 1
        return None
    value = energy_wh(sample, quirks)
    if value is None:
        counts["unit_unknown"] += 1
    elif abs(value) > LARGEST_WH:
        counts["sample_unreadable"] += 1
        return None
    return value


def energy_wh(sample: Sample, quirks: Quirks) -> Decimal | None:
    """Value x 10^multiplier in Wh; None for a unit that is no energy."""
    unit = (quirks.energy_unit or sample.unit or quirks.default_energy_unit).lower()
    factor = {"wh": 1, "kwh": 1000}.get(unit)
    scaled = _scaled(sample)
    if factor is None or scaled is None:
        return None
    return scaled * factor * quirks.energy_factor


def _scaled(sample: Sample) -> Decimal | None:
    if sample.value is None or abs(sample.multiplier) > LARGEST_MULTIPLIER:
        return None
    try:
        return sample.value.scaleb(sample.multiplier)
    except InvalidOperation:
        return None


def _label(sample: Sample) -> Label:
    if sample.unit is None:
        return "none"
    return "kWh" if sample.unit.lower() == "kwh" else "Wh"


def _point(row: _Row, value: Decimal, label: Label) -> Point:
    roles: dict[str, Role] = {BEGIN: "begin", END: "end"}
    return Point(
        at=row.moment.at,
        value_wh=value,
        role=roles.get(row.context, "sample"),
        label=label,
        is_meter_field=False,
        is_timed=row.moment.source != "arrival",
        order=row.order,
    )


def _needed_phases(rows: Iterable[_Row], quirks: Quirks) -> frozenset[str]:
    """The phases that make a total: L1 to L3, or fewer where the model is known for it."""
    if quirks.phases == 3:
        return frozenset(("L1", "L2", "L3"))
    seen = Counter(
        frozenset(
            _PHASES[sample.phase]
            for sample in row.samples
            if sample.measurand == DEFAULT_MEASURAND and sample.phase in _PHASES
        )
        for row in rows
    )
    fitting = [phases for phases in seen if len(phases) == quirks.phases]
    return min(fitting, key=lambda one: (-seen[one], sorted(one)), default=frozenset())


def _amount(row: _Row, measurand: str, quirks: Quirks) -> Amount | None:
    """Total (else summed phases) of an interval or power measurand in a row."""
    total: list[Decimal] = []
    phases: dict[str, Decimal] = {}
    for sample in row.samples:
        if sample.measurand != measurand or sample.location != "Outlet":
            continue
        value = energy_wh(sample, quirks) if measurand == INTERVAL else _power_w(sample)
        if value is None or value < 0 or value > LARGEST_WH:
            continue
        if sample.phase is None:
            total.append(value)
        elif sample.phase in _PHASES:
            phases[_PHASES[sample.phase]] = value
    if total:
        return Amount(row.moment.at, max(total))
    if phases:
        return Amount(row.moment.at, sum(phases.values(), Decimal(0)))
    return None


def _power_w(sample: Sample) -> Decimal | None:
    factor = _POWER_FACTOR.get((sample.unit or "W").lower())
    scaled = _scaled(sample)
    return None if factor is None or scaled is None else scaled * factor


def _in_order(amounts: Iterable[Amount | None]) -> tuple[Amount, ...]:
    """Amounts by time, one per instant (the larger, should two differ)."""
    by_time: dict[datetime, Amount] = {}
    for one in amounts:
        if one is not None and (one.at not in by_time or by_time[one.at].value < one.value):
            by_time[one.at] = one
    return tuple(by_time[at] for at in sorted(by_time))


def _findings(counts: Counter[str], quirks: Quirks) -> tuple[Finding, ...]:
    findings = [
        found(code, count=counts[code])
        for code in ("register_location", "sample_unreadable", "unit_unknown", "phases_incomplete")
        if counts[code]
    ]
    if counts["phases_summed"]:
        findings.append(found("phases_summed"))
    if replace(quirks, phases=3, register_modulus_wh=None) != Quirks():
        findings.append(found("unit_corrected"))
    return tuple(findings)
