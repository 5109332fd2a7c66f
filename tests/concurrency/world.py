"""A database, a Valkey and bridges as real processes, and stations that talk to them."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from portal.embedded.servers import Servers
from stations.ocpp.tests.charge_point import RawChargePoint, plug_in
from tests.database import fill
from tests.ocpp.support import PASSWORD, TOKEN, samples, start, stop

ROOT = Path(__file__).resolve().parents[2]
STATIONS = 8
SEED = f"""
import django
django.setup()
from core.models import Operator
from core.tenancy.scopes import across_operators
from customers.models import IdToken
from stations.models import Site
from tests.ocpp.support import make_station
with across_operators("seed"):
    operator = Operator.objects.create(name="N", slug="n", party_id="NLJ")
    site = Site.objects.create(operator=operator, name="S", public_id="si_1")
    IdToken.objects.create(operator=operator, uid="{TOKEN}")
    for number in range({STATIONS}):
        make_station(operator, site, f"CP-{{number}}")
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class World:
    """The servers, and how to run and ask things."""

    pair: Servers
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Copy what migrations make, and seed."""
        self.environ = os.environ | self.pair.urls | {"PYTHONPATH": str(ROOT)}
        fill(self.pair.urls["DATABASE_URL"])
        self.run(["-c", SEED])
        # Scratch servers commit without waiting for the log; a real one does not.
        name = self.rows("SELECT current_database()")[0][0]
        self.change(f'ALTER DATABASE "{name}" SET synchronous_commit = on')

    def run(self, arguments: list[str]) -> None:
        """Run Python to its end."""
        subprocess.run(
            [sys.executable, *arguments], env=self.environ, cwd=ROOT, check=True, timeout=180
        )

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with psycopg.connect(self.pair.urls["DATABASE_URL"], autocommit=True) as connection:
            return connection.execute(query, parameters).fetchall()

    def change(self, query: str) -> None:
        """Run one statement."""
        with psycopg.connect(self.pair.urls["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(query)

    @contextmanager
    def bridge(self, name: str, program: list[str] | None = None) -> Iterator[Bridge]:
        """A bridge as a process of its own, killed at the end if it still lives."""
        port = free_port()
        environ = self.environ | {
            "BRIDGE_NAME": name,
            "BRIDGE_PORT": str(port),
            "BRIDGE_METRICS_PORT": "0",
        }
        worker = [
            *("-A", "portal", "worker", "-P", "threads", "-c", "2", "-n", f"{name}@%h"),
            *("-Q", f"bridge.{name}", "--without-gossip", "--without-mingle"),
            "--without-heartbeat",
        ]
        with (self.folder / f"{name}-{port}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *(program or ["-m", "celery"]), *worker],
                env=environ,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait_listening(process, port)
            yield Bridge(process, f"ws://127.0.0.1:{port}/ocpp", Path(log.name))
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


@dataclass
class Bridge:
    """A running bridge process."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path


def _wait_listening(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert process.poll() is None, "the bridge ended at once"
        with socket.socket() as one, suppress(OSError):
            one.settimeout(1)
            one.connect(("127.0.0.1", port))
            return
        time.sleep(0.1)
    raise AssertionError("the bridge does not listen")


@dataclass
class Told:
    """What one station was answered, so what must be in the database."""

    identity: str
    starts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    readings: list[tuple[int, int]] = field(default_factory=list)
    unanswered: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    close_codes: list[int | None] = field(default_factory=list)


async def charge(cp: RawChargePoint, told: Told, rounds: int, begin: int = 0) -> None:
    """Sessions one after the other; notes each answer as it comes."""
    for number in range(begin, begin + rounds):
        at = f"2026-11-{1 + number // 1440 % 28:02}T{number // 60 % 24:02}:{number % 60:02}:00Z"
        answer = await _tell(cp, told, "StartTransaction", start(number * 100, at))
        transaction = answer["transactionId"]
        told.starts.append(transaction)
        for step in range(2):
            value = number * 100 + step
            payload = {
                "connectorId": 1,
                "transactionId": transaction,
                "meterValue": [samples(str(value), at)],
            }
            await _tell(cp, told, "MeterValues", payload)
            told.readings.append((transaction, value))
        await _tell(cp, told, "StopTransaction", stop(transaction, number * 100 + 50, at))
        told.stops.append(transaction)


async def _tell(
    cp: RawChargePoint, told: Told, action: str, payload: dict[str, Any]
) -> dict[str, Any]:
    told.unanswered.append((action, payload))
    answer = await cp.ask(action, payload)
    told.unanswered.clear()
    return answer


async def under_load(bridge: Bridge, stations: list[Told], rounds: int, begin: int = 0) -> None:
    """All stations charge until they are done or their socket closes."""

    async def one(told: Told) -> None:
        cp = await plug_in(bridge.url, told.identity, PASSWORD)
        with suppress(ConnectionClosed, ConnectionResetError):
            await charge(cp, told, rounds, begin)
        told.close_codes.append(cp.socket.close_code)
        await cp.close()

    await asyncio.gather(*(one(told) for told in stations))


async def sessions_told(stations: list[Told], count: int, seconds: float = 60) -> None:
    """Wait until so many sessions were answered to their end."""
    until = time.monotonic() + seconds
    while sum(len(told.stops) for told in stations) < count:
        assert time.monotonic() < until, "the load does not move"
        await asyncio.sleep(0.05)


async def reconnect(bridge: Bridge, identity: str, seconds: float = 30) -> RawChargePoint:
    """Connect as a station does: again and again until it works."""
    until = time.monotonic() + seconds
    while True:
        try:
            cp = await plug_in(bridge.url, identity, PASSWORD)
            await cp.ask("Heartbeat", {})
            return cp
        except (
            OSError,
            ConnectionClosed,
            InvalidHandshake,
            TimeoutError,
            AssertionError,
        ):
            assert time.monotonic() < until, "the bridge does not take stations back"
            await asyncio.sleep(0.2)


def missing(world: World, stations: list[Told]) -> list[str]:
    """Answered facts that the database does not have."""
    sessions = dict(world.rows("SELECT ocpp_transaction_id::bigint, state FROM stations_session"))
    readings = {
        (int(transaction), int(value))
        for transaction, value in world.rows(
            "SELECT s.ocpp_transaction_id, r.value FROM stations_meterreading r "
            "JOIN stations_session s ON s.id = r.session_id"
        )
    }
    lost = []
    for told in stations:
        lost += [f"start {n}" for n in told.starts if n not in sessions]
        lost += [f"stop {n}" for n in told.stops if sessions.get(n) != "ended"]
        lost += [f"reading {r}" for r in told.readings if r not in readings]
    return lost
