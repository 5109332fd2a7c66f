"""Load on one server from this process: closed loop, paced, idle, storms.

Run as a program: ``python -m benchmarks.load '<json of LoadPlan>'`` prints JSON.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvloop

from benchmarks.mix import calls
from benchmarks.processor import Stopwatch
from benchmarks.raw_client import RawClient, connect


@dataclass
class LoadPlan:
    """``rate`` 0: closed loop (each station calls again at once); else calls a second in all."""

    port: int
    stations: int
    seconds: float
    password: str
    first: int = 0
    rate: float = 0
    ramp_seconds: float = 0
    prefix: str = "BENCH"
    version: str = "ocpp2.0.1"
    note_answered: str = ""  # file: message payloads whose answer arrived (crash test)
    calls: int = 0  # of a closed loop: end after so many answers instead of by the clock
    watched: dict[str, int] = field(default_factory=dict)  # pids whose processor time counts


@dataclass
class Tally:
    """What was answered, how fast, and what went wrong."""

    latencies_s: list[float] = field(default_factory=list)
    errors: int = 0
    lost: int = 0
    connect_failures: int = 0


class Station:
    """One station in the load."""

    def __init__(self, plan: LoadPlan, number: int, tally: Tally) -> None:
        self.identity = f"{plan.prefix}-{number:05d}"
        self.plan, self.tally = plan, tally
        self.client: RawClient | None = None
        self.is_running = False
        self._calls: Iterator[bytes] = calls(f"{number:08X}")
        for _ in range(number % 10):  # stations do not act in step
            next(self._calls)
        self._sent: deque[tuple[float, bytes]] = deque()
        self.answered: list[bytes] = []

    async def open(self) -> None:
        """Connect; a failure is counted."""
        try:
            self.client = await connect(
                self.plan.port,
                f"/ocpp/{self.identity}",
                user=self.identity,
                password=self.plan.password,
                version=self.plan.version,
                received=self._received,
            )
        except OSError:
            self.tally.connect_failures += 1

    def send_next(self) -> None:
        """Send the next call of the mix."""
        if self.client is None or self.client.closed.done():
            return
        frame = next(self._calls)
        self._sent.append((time.perf_counter(), frame))
        self.client.send(frame)

    def _received(self, payload: bytes) -> None:
        if payload.startswith(b"[2"):
            return  # a call of the server's own is not part of the measurement
        if not self._sent:
            return
        sent, frame = self._sent.popleft()
        self.tally.latencies_s.append(time.perf_counter() - sent)
        if payload.startswith(b"[4"):
            self.tally.errors += 1
        elif self.plan.note_answered:
            self.answered.append(frame)
        if self.is_running and not self.plan.rate:
            self.send_next()

    @property
    def waiting(self) -> int:
        """Calls that were not answered."""
        return len(self._sent)


async def run(plan: LoadPlan) -> dict[str, Any]:
    """Carry the plan out; figures in calls a second and milliseconds."""
    tally = Tally()
    stations = [Station(plan, plan.first + n, tally) for n in range(plan.stations)]
    opened_s = await _open_all(plan, stations)
    tally.latencies_s.clear()
    watch = Stopwatch({**plan.watched, "generator": os.getpid()})
    began = time.perf_counter()
    if plan.rate:
        await _paced(plan, stations)
    else:
        await _closed_loop(plan, stations, tally)
    took = time.perf_counter() - began
    measured = list(tally.latencies_s)
    await _let_finish(stations)
    processor = watch.microseconds_a_call(len(tally.latencies_s))
    if plan.note_answered:
        _note(plan.note_answered, stations)
    result = _figures(plan, measured, took, opened_s, tally, stations)
    result["processor_us"] = processor
    for station in stations:
        if station.client and station.client.transport:
            station.client.transport.close()
    return result


async def _closed_loop(plan: LoadPlan, stations: list[Station], tally: Tally) -> None:
    """Each station calls again as soon as it is answered, for a time or a number of calls."""
    for station in stations:
        station.is_running = True
        station.send_next()
    if not plan.calls:
        await asyncio.sleep(plan.seconds)
    while len(tally.latencies_s) < plan.calls:  # noqa: ASYNC110 - an event costs each answer
        await asyncio.sleep(0.05)


async def _open_all(plan: LoadPlan, stations: list[Station]) -> float:
    """Connect everybody, at most a hundred at once; seconds it took."""
    opening = time.perf_counter()
    gate = asyncio.Semaphore(100)

    async def open_one(index: int, station: Station) -> None:
        if plan.ramp_seconds:
            await asyncio.sleep(plan.ramp_seconds * index / len(stations))
        async with gate:
            await station.open()

    await asyncio.gather(*(open_one(i, s) for i, s in enumerate(stations)))
    return time.perf_counter() - opening


async def _let_finish(stations: list[Station]) -> None:
    """Send no more and wait, up to five seconds, for what is on its way."""
    for station in stations:
        station.is_running = False
    for _ in range(100):
        if not any(s.waiting for s in stations if s.client and not s.client.closed.done()):
            return
        await asyncio.sleep(0.05)


def _note(path: str, stations: list[Station]) -> None:
    with Path(path).open("wb") as out:
        out.writelines(
            station.identity.encode() + b" " + frame + b"\n"
            for station in stations
            for frame in station.answered
        )


async def _paced(plan: LoadPlan, stations: list[Station]) -> None:
    """Spread ``rate`` calls a second evenly over the stations."""
    end = time.perf_counter() + plan.seconds
    gap, due, index = 1 / plan.rate, time.perf_counter(), 0
    while (now := time.perf_counter()) < end:
        while due <= now:
            stations[index % len(stations)].send_next()
            index += 1
            due += gap
        await asyncio.sleep(0.002)


def _figures(
    plan: LoadPlan,
    measured: list[float],
    took: float,
    opened_s: float,
    tally: Tally,
    stations: list[Station],
) -> dict[str, Any]:
    ordered = sorted(measured)

    def at(share: float) -> float:
        return round(ordered[int(share * (len(ordered) - 1))] * 1000, 2) if ordered else 0.0

    return {
        "stations": plan.stations,
        "calls_per_s": round(len(ordered) / took, 1) if took else 0,
        "calls": len(ordered),
        "p50_ms": at(0.5),
        "p99_ms": at(0.99),
        "errors": tally.errors,
        "unanswered": sum(s.waiting for s in stations),
        "connect_failures": tally.connect_failures,
        "connected_in_s": round(opened_s, 2),
    }


if __name__ == "__main__":
    chosen = LoadPlan(**orjson.loads(sys.argv[1]))
    print(orjson.dumps(uvloop.run(run(chosen))).decode())
