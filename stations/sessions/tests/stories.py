"""Facts made by hand and by chance for the tests of session truth."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from stations.sessions.facts import Fact, Reading, Sample

T0 = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
REGISTER = "Energy.Active.Import.Register"


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def sample(value: object, **members: Any) -> Sample:
    return Sample(raw=str(value), value=Decimal(str(value)), **members)


def reading(minutes: float, *values: object, **members: Any) -> Reading:
    samples = tuple(one if isinstance(one, Sample) else sample(one, **members) for one in values)
    return Reading(at_raw=at(minutes).isoformat(), at=at(minutes), samples=samples)


def fact(kind: Any, minutes: float, *, late_s: float = 1, **members: Any) -> Fact:
    """A fact of station CP1; its key is its content."""
    meter = members.pop("meter_wh", None)
    content = f"{kind} {minutes} {meter} {sorted(members.items(), key=str)}"
    return Fact(
        key=content,
        kind=kind,
        station=members.pop("station", "CP1"),
        version=members.pop("version", "1.6"),
        arrived_at=at(minutes) + timedelta(seconds=late_s),
        at_raw=at(minutes).isoformat(),
        at=members.pop("at", at(minutes)),
        meter_wh=None if meter is None else Decimal(str(meter)),
        **members,
    )


def start(minutes: float, meter: object = 1000, **members: Any) -> Fact:
    given: dict[str, Any] = {"transaction": "7", "evse": 1, "connector": 1, "id_token": "TAG1"}
    given |= members
    return fact("start", minutes, meter_wh=meter, **given)


def values(minutes: float, *samples: object, **members: Any) -> Fact:
    given: dict[str, Any] = {"transaction": "7", "evse": 1, "connector": 1} | members
    return fact("readings", minutes, readings=(reading(minutes, *samples),), **given)


def stop(minutes: float, meter: object, **members: Any) -> Fact:
    return fact("stop", minutes, meter_wh=meter, **{"transaction": "7"} | members)


_minutes = st.integers(0, 300)
_registers = st.one_of(
    st.integers(-5, 40_000),
    st.sampled_from([0, 5, 1000, 1_000_000, 999_999_000]),
    st.decimals(0, 50_000, places=3),
)
_labels = st.sampled_from([None, None, "Wh", "kWh", "varh"])
_contexts = st.sampled_from(["Sample.Periodic", "Transaction.Begin", "Transaction.End"])
_phases = st.sampled_from([None, None, None, "L1", "L2", "L3", "L1-N", "N"])
_measurands = st.sampled_from(
    [REGISTER, REGISTER, "Energy.Active.Import.Interval", "Power.Active.Import", "Voltage"]
)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    return sample(
        draw(_registers),
        unit=draw(_labels),
        context=draw(_contexts),
        phase=draw(_phases),
        measurand=draw(_measurands),
        multiplier=draw(st.sampled_from([0, 0, 0, 3, -1])),
    )


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    when = draw(st.one_of(st.none(), _minutes.map(at)))
    return Reading(at_raw=str(when), at=when, samples=tuple(draw(st.lists(samples(), max_size=4))))


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """Anything a station may say about a handful of transactions on two EVSEs."""
    number = draw(st.integers(0, 10**6))
    minutes = draw(_minutes)
    told_at = draw(
        st.sampled_from([at(minutes), at(minutes), at(minutes - 120), at(minutes + 120), None])
    )
    late = draw(st.sampled_from([0, 1, 5, 4000]))
    return Fact(
        key=f"{number}",
        kind=draw(st.sampled_from(["start", "update", "stop", "readings"])),
        station="CP1",
        version=draw(st.sampled_from(["1.6", "1.6", "2.0.1"])),
        arrived_at=at(minutes) + timedelta(seconds=late),
        at_raw=str(told_at),
        at=told_at,
        transaction=draw(st.sampled_from([None, "-1", "0", "7", "8", "9"])),
        evse=draw(st.sampled_from([None, 0, 1, 2])),
        id_token=draw(st.sampled_from([None, "", "TAG1", "tag1", "TAG2"])),
        accepted=draw(st.sampled_from([None, True, False])),
        meter_wh=draw(st.one_of(st.none(), _registers.map(Decimal))),
        seq_no=draw(st.sampled_from([None, 0, 1])),
        offline=draw(st.booleans()),
        charging_state=draw(st.sampled_from([None, "Charging", "SuspendedEV", "Odd"])),
        readings=tuple(draw(st.lists(readings(), max_size=3))),
    )


def unique(told: Iterable[Fact]) -> list[Fact]:
    """One fact per key: two facts with one key would be one fact with two contents."""
    return list({one.key: one for one in told}.values())


stories = st.lists(facts(), max_size=14).map(unique)
