"""How well silent failures are found: precision and recall over simulated years of a network.

``python -m benchmarks.silent_failures [--seed 1] [--years 1] [--sites 24]`` prints JSON. A pure
generator makes the starts of sessions (by the hour of the week, with quiet holidays, rates that
differ by EVSE); the rule that watches the network judges every site each six hours, once in a clean
year and once in a year in which EVSEs stop working while they say that they are available. No
database and no clock. With ``--file sessions.json`` (a list of ``[site, evse, instant]``) real
sessions are judged instead, every EVSE taken for healthy, and failures are made by leaving out what
follows.
"""

from __future__ import annotations

import argparse
import json
import random
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from stations.incidents.rules.silent import Use, silences
from stations.incidents.rules.table import DEFAULTS

BEGIN: Final = datetime(2025, 1, 6, tzinfo=UTC)
TURN: Final = timedelta(hours=6)
WARM_UP: Final = timedelta(days=60)
FAILS_FOR: Final = timedelta(days=30)
BACK: Final = timedelta(days=90)
HOURS: Final = (
    *(0.2,) * 6, 0.7, 1.3, 1.6, 1.2, 1.0, 1.1, 1.2, 1.1, 1.1, 1.3, 1.7, 1.9,
    1.6, 1.3, 1.0, 0.7, 0.5, 0.3,
)  # fmt: skip
HOLIDAYS: Final = (range(100, 106), range(352, 362))
Starts = dict[tuple[int, int], list[datetime]]


@dataclass(frozen=True, slots=True)
class Failure:
    """An EVSE at which nobody could charge for a while."""

    place: tuple[int, int]
    began_at: datetime
    ended_at: datetime


def network(rng: random.Random, sites: int) -> dict[tuple[int, int], float]:
    """Sessions a week of each EVSE: 3 to 40, neighbours alike."""
    found = {}
    for site in range(sites):
        usual = rng.uniform(3, 40)
        for evse in range(rng.choice((2, 2, 4, 6))):
            found[site, evse] = usual * rng.uniform(0.5, 1.5)
    return found


def year_of(rng: random.Random, rates: Mapping[tuple[int, int], float], years: float) -> Starts:
    """Starts of sessions, hour by hour."""
    whole = sum(HOURS) * 7
    found: Starts = {place: [] for place in rates}
    for hour in range(int(years * 365 * 24)):
        at = BEGIN + timedelta(hours=hour)
        quiet = 0.4 if any(at.timetuple().tm_yday in days for days in HOLIDAYS) else 1.0
        share = HOURS[at.hour] / whole * quiet
        for place, per_week in rates.items():
            if rng.random() < per_week * share:
                found[place].append(at + timedelta(minutes=rng.uniform(0, 60)))
    return found


def span_of(starts: Starts) -> tuple[datetime, datetime]:
    """The first and the last start of all."""
    found = [at for rows in starts.values() for at in rows]
    return min(found), max(found)


def failing(rng: random.Random, starts: Starts) -> tuple[Starts, list[Failure]]:
    """A third of the EVSEs stop once; what would have been charged there is left out."""
    first, last = span_of(starts)
    span = (last - first - WARM_UP - FAILS_FOR) / timedelta(days=1)
    kept, failures = dict(starts), []
    for place in sorted(starts):
        if span <= 0 or rng.random() > 1 / 3:
            continue
        began = first + WARM_UP + timedelta(days=rng.uniform(0, span))
        one = Failure(place, began, began + FAILS_FOR)
        failures.append(one)
        kept[place] = [at for at in starts[place] if not one.began_at <= at < one.ended_at]
    return kept, failures


def alarms(
    starts: Starts, numbers: Mapping[str, float]
) -> Iterator[tuple[tuple[int, int], datetime, datetime]]:
    """EVSE, beginning of the silence and when it was told; each silence once."""
    by_site: dict[int, list[tuple[int, int]]] = {}
    for place in sorted(starts):
        by_site.setdefault(place[0], []).append(place)
    first, end = span_of(starts)
    for places in by_site.values():
        told = set()
        now = first + WARM_UP
        while now < end:
            uses = [_use(place, starts[place], now) for place in places]
            for one in silences(
                uses, now, alpha=numbers["alpha"], days=numbers["days"],
                least=int(numbers["sessions"]),
            ):  # fmt: skip
                key = ((places[0][0], one.evse), one.since_at)
                if key not in told:
                    told.add(key)
                    yield *key, now
            now += TURN


def _use(place: tuple[int, int], starts: Sequence[datetime], now: datetime) -> Use:
    low, high = bisect_left(starts, now - BACK), bisect_left(starts, now)
    return Use(station=place[0], evse=place[1], starts=starts[low:high], up_since_at=starts[0])


def measured(
    starts: Starts, failures: Sequence[Failure], numbers: Mapping[str, float]
) -> dict[str, Any]:
    """Right and wrong alarms, what was found and how late."""
    found: dict[Failure, float] = {}
    wrong = 0
    for place, _since, at in alarms(starts, numbers):
        of = [one for one in failures if one.place == place and one.began_at <= at <= one.ended_at]
        if of:
            days = (at - of[0].began_at) / timedelta(days=1)
            found[of[0]] = min(days, found.get(of[0], days))
        else:
            wrong += 1
    first, last = span_of(starts)
    months = len(starts) * ((last - first - WARM_UP) / timedelta(days=30.4))
    right = len(found)
    return {
        "evses": len(starts),
        "sessions": sum(map(len, starts.values())),
        "failures": len(failures),
        "found": right,
        "false_alarms": wrong,
        "false_alarms_per_evse_month": round(wrong / months, 4),
        "precision": round(right / (right + wrong), 4) if right + wrong else None,
        "recall": round(right / len(failures), 4) if failures else None,
        "median_days_to_find": round(median(found.values()), 2) if found else None,
    }


def real(path: Path) -> Starts:
    """Sessions of a file."""
    found: Starts = {}
    sites: dict[str, int] = {}
    evses: dict[tuple[str, str], int] = {}
    for site, evse, at in json.loads(path.read_text()):
        number = sites.setdefault(site, len(sites))
        place = evses.setdefault((site, evse), len(evses))
        found.setdefault((number, place), []).append(datetime.fromisoformat(at).astimezone(UTC))
    return {place: sorted(rows) for place, rows in found.items()}


def main() -> None:
    """Judge a clean year and one with failures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--years", type=float, default=1.0)
    parser.add_argument("--sites", type=int, default=24)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--alpha", type=float, help="instead of that of the rule")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    if options.file:
        starts = real(options.file)
    else:
        starts = year_of(rng, network(rng, options.sites), options.years)
    broken, failures = failing(rng, starts)
    numbers = dict(DEFAULTS["silent"].figures)
    if options.alpha:
        numbers["alpha"] = options.alpha
    result = {
        "rule": numbers,
        "clean": measured(starts, [], numbers),
        "with_failures": measured(broken, failures, numbers),
    }
    print(json.dumps(result, indent=2, default=str))


if __name__ == "__main__":
    main()
