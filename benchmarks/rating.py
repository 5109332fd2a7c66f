"""How fast sessions are priced: ``python -m benchmarks.rating`` prints JSON.

The pure part runs on one core without a database: a simple and a complex tariff, sessions with 1,
20 and 300 readings. ``--soak 1000000`` prices so many and tells how the memory grew;
``--profile`` prints where the time goes (cProfile) to standard error.
"""

from __future__ import annotations

import argparse
import cProfile
import itertools
import json
import pstats
import sys
import time
from typing import Any

from benchmarks.memory import SAMPLES, growth, resident_mib
from benchmarks.rating_cases import complex_tariff, sessions, simple_tariff
from billing.rating.engine import compile_tariff, rate
from billing.tariffs.model import Tariff

READINGS = (1, 20, 300)
TARGETS = {"simple": 5_000, "complex": 500}
"""Sessions a second on one core; the complex one with 300 readings."""

TARIFFS: dict[str, Tariff] = {"simple": simple_tariff(), "complex": complex_tariff()}


def pure(seconds: float) -> dict[str, Any]:
    """Sessions a second of each tariff and number of readings."""
    return {
        name: {str(readings): per_second(tariff, readings, seconds) for readings in READINGS}
        for name, tariff in TARIFFS.items()
    }


def per_second(tariff: Tariff, readings: int, seconds: float) -> int:
    """Sessions a second, from a store of different ones; the tariff is compiled once."""
    facts = list(itertools.islice(sessions(readings), 300))
    compiled = compile_tariff(tariff)
    for one in facts:
        rate(compiled, one)
    done, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for one in facts:
            rate(compiled, one)
        done += len(facts)
    return int(done / (time.process_time() - start))


def soak(count: int) -> dict[str, Any]:
    """Memory along ``count`` sessions."""
    compiled = [compile_tariff(one) for one in TARIFFS.values()]
    endless = sessions(20, seed=11)
    step = max(1, count // SAMPLES)
    samples: list[tuple[int, float]] = []
    for number, facts in zip(range(1, count + 1), endless, strict=False):
        rate(compiled[number % 2], facts)
        if number % step == 0:
            samples.append((number, resident_mib()))
    return growth(samples)


def profile(name: str, readings: int) -> None:
    """Where the time goes, to standard error."""
    facts = list(itertools.islice(sessions(readings), 500))
    compiled = compile_tariff(TARIFFS[name])
    with cProfile.Profile() as watched:
        for one in facts:
            rate(compiled, one)
    pstats.Stats(watched, stream=sys.stderr).sort_stats("tottime").print_stats(25)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="processor time of each figure")
    parser.add_argument("--soak", type=int, default=0, help="also price so many sessions")
    parser.add_argument("--profile", choices=sorted(TARIFFS), help="profile this tariff instead")
    parser.add_argument("--readings", type=int, default=300, help="readings of the profile")
    options = parser.parse_args()
    if options.profile:
        profile(options.profile, options.readings)
        return
    figures: dict[str, Any] = {"pure_sessions_per_second": pure(options.seconds)}
    figures["targets"] = TARGETS
    if options.soak:
        figures["memory"] = soak(options.soak)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
