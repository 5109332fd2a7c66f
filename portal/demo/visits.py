"""Charging sessions of the past, one EVSE at a time (pure)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import exp
from typing import Final
from zoneinfo import ZoneInfo

from portal.demo.cards import DemoToken
from portal.demo.plan import TIME_ZONE, DemoEvse
from portal.demo.timeline import Span
from stations.simulator.battery import Battery, arriving_battery
from stations.simulator.rhythm import RHYTHMS, Rhythm

ZONE: Final = ZoneInfo(TIME_ZONE)
DETAILED: Final = timedelta(days=14)
"""Sessions younger than this have readings along the way, older ones begin and end only."""

_STOP_REASONS: Final = (("EVDisconnected", 55), ("Local", 35), ("Remote", 8), ("Other", 2))


@dataclass(frozen=True, slots=True)
class Sampled:
    """A reading: register in whole Wh, power in W, state of charge (DC only)."""

    at: datetime
    register_wh: int
    power_w: int
    soc_percent: float | None


@dataclass(slots=True, kw_only=True)
class Visit:
    """One session as it happened. ``doubt`` names what went wrong with its record, if
    anything; ``charged_until`` is when the car stopped taking power."""

    evse: DemoEvse
    token: DemoToken
    started_at: datetime
    stopped_at: datetime
    charged_until: datetime
    meter_start_wh: int
    energy_wh: int
    stop_reason: str
    samples: list[Sampled] = field(default_factory=list)
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMaker:
    """What is the same for all sessions of one site."""

    rhythm: Rhythm
    popularity: float
    tokens: Sequence[DemoToken]
    begin: datetime
    now: datetime

    def visits(self, rng: random.Random, evse: DemoEvse, faults: Sequence[Span]) -> Iterator[Visit]:
        """Sessions of one EVSE in order, none across a fault, all ended before ``now``."""
        register_wh = float(rng.randint(50_000, 30_000_000))
        free_at = self.begin
        for started_at in self._arrivals(rng):
            if started_at < free_at or _within(faults, started_at):
                continue
            token = rng.choice(self.tokens)
            if not token.may_charge_at(started_at):
                continue
            visit = self._visit(rng, evse, token, started_at, register_wh)
            if visit.stopped_at > self.now or _crosses(faults, visit):
                continue
            register_wh += visit.energy_wh
            free_at = visit.stopped_at + timedelta(minutes=rng.uniform(2, 15))
            yield visit

    def _arrivals(self, rng: random.Random) -> Iterator[datetime]:
        day = self.begin.astimezone(ZONE).date()
        last = self.now.astimezone(ZONE).date()
        length = (last - day).days or 1
        while day <= last:
            growth = 1.0 - 0.25 * (last - day).days / length
            mean = self.rhythm.a_day * self.rhythm.weekdays[day.weekday()]
            count = poisson(rng, mean * self.popularity * growth)
            for second in sorted(self.rhythm.arrival_s(rng) for _ in range(count)):
                at = local_instant(day, second)
                if self.begin <= at < self.now:
                    yield at
            day += timedelta(days=1)

    def _visit(
        self,
        rng: random.Random,
        evse: DemoEvse,
        token: DemoToken,
        started_at: datetime,
        register_wh: float,
    ) -> Visit:
        battery = arriving_battery(rng, dc=evse.is_dc)
        meter_start_wh = int(register_wh)
        stay_s = 0.0 if evse.is_dc else self.rhythm.stay_s(rng)
        detailed = started_at > self.now - DETAILED
        samples, plugged_s, charged_s = _charge(
            evse, battery, started_at, register_wh, stay_s, detailed=detailed
        )
        plugged_s = max(plugged_s, stay_s) + rng.uniform(20, 400)
        stopped_at = started_at + timedelta(seconds=plugged_s)
        end_wh = samples[-1].register_wh
        samples.append(Sampled(stopped_at, end_wh, 0, samples[-1].soc_percent))
        return Visit(
            evse=evse,
            token=token,
            started_at=started_at,
            stopped_at=stopped_at,
            charged_until=started_at + timedelta(seconds=charged_s),
            meter_start_wh=meter_start_wh,
            energy_wh=end_wh - meter_start_wh,
            stop_reason=weighted(rng, _STOP_REASONS),
            samples=samples if detailed else [samples[0], samples[-1]],
        )


def _charge(
    evse: DemoEvse,
    battery: Battery,
    started_at: datetime,
    register_wh: float,
    stay_s: float,
    *,
    detailed: bool,
) -> tuple[list[Sampled], float, float]:
    """Charge in steps; returns samples, seconds plugged in so far, seconds charged."""
    step_s = (120.0 if evse.is_dc else 900.0) * (1 if detailed else 2)
    samples = [Sampled(started_at, int(register_wh), 0, _soc(evse, battery))]
    seconds = 0.0
    while not battery.is_full and (stay_s == 0 or seconds < stay_s):
        energy_wh, power_w = battery.advance(step_s, evse.max_power_w, dc=evse.is_dc)
        register_wh += energy_wh
        seconds += step_s
        at = started_at + timedelta(seconds=seconds)
        samples.append(Sampled(at, int(register_wh), int(power_w), _soc(evse, battery)))
    return samples, seconds, seconds


def _soc(evse: DemoEvse, battery: Battery) -> float | None:
    return round(battery.soc_percent, 1) if evse.is_dc else None


def _within(spans: Sequence[Span], at: datetime) -> bool:
    return any(span.began_at <= at < span.ended_at for span in spans)


def _crosses(spans: Sequence[Span], visit: Visit) -> bool:
    return any(
        span.began_at < visit.stopped_at and visit.started_at < span.ended_at for span in spans
    )


def local_instant(day: date, second: float) -> datetime:
    """The instant of a wall-clock second of a local day, in UTC."""
    wall = datetime.combine(day, time(0)) + timedelta(seconds=second)
    return wall.replace(tzinfo=ZONE).astimezone(UTC)


def weighted(rng: random.Random, choices: Sequence[tuple[str, int]]) -> str:
    """One of the words, drawn by their weights."""
    words = [word for word, _weight in choices]
    return rng.choices(words, [weight for _word, weight in choices])[0]


def poisson(rng: random.Random, mean: float) -> int:
    """A Poisson-distributed count (Knuth's method; fine for small means)."""
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def rhythm_of(kind: str) -> Rhythm:
    """The rhythm of a kind of site."""
    return RHYTHMS[kind]
