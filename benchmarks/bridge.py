"""The bridge under load, against a raw echo and a naive server in the same run.

``python -m benchmarks.bridge [--seconds 15] [--quick] [--soak MINUTES]`` starts its own
embedded PostgreSQL (fsync on) and Valkey, a bridge as a Celery worker, and the load in a
process of its own; prints JSON. docs/performance.md tells how to read it.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psutil
import psycopg

from benchmarks.page_rows import insert
from portal.embedded import servers

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "benchmark-password-0123456789abcdef"
STATION_COUNT = 6000
# Programs that the same load goes to, the port last.
BASELINES = {
    "raw_echo_asyncio": ["-m", "benchmarks.echo_server", "asyncio"],
    "raw_echo_uvloop": ["-m", "benchmarks.echo_server", "uvloop"],
    "naive": ["-m", "benchmarks.naive_server"],
}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(
    arguments: list[str], environ: dict[str, str], *, port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until its port answers; ended at the end."""
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
        try:
            _wait_for(child, port, log)
            yield child
        finally:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
                try:
                    child.wait(30)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()


def _wait_for(child: subprocess.Popen[bytes], port: int, log: Any) -> None:
    for _ in range(1200):  # two minutes: the machine may be busy
        if child.poll() is not None:
            log.seek(0)
            raise RuntimeError(log.read().decode()[-4000:])
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def load(plan: dict[str, Any]) -> dict[str, Any]:
    """Run one load in a process of its own."""
    out = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", orjson.dumps(plan).decode()],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    )
    figures: dict[str, Any] = orjson.loads(out.stdout)
    return figures


def bridge_arguments(name: str) -> list[str]:
    """Command of a bridge, as the Procfile has it."""
    return [
        *("-m", "celery", "-A", "portal", "worker", "-P", "threads", "-n", f"{name}@bench"),
        *("-Q", f"bridge.{name}", "--without-gossip", "--without-mingle"),
        *("--without-heartbeat", "-c", "4"),
    ]


def seed(connection: psycopg.Connection[Any], digest: str, count: int) -> None:
    """One operator, one site, and ``count`` stations with an EVSE and a card each."""
    numbers = f"generate_series(0, {count} - 1) n"
    insert(
        connection, "core_operator", "generate_series(1, 1)", id="1", name="'Bench'",
        slug="'bench'", country_code="'SE'", party_id="'BEN'", time_zone="'Europe/Stockholm'",
        currency="'SEK'", language="'sv'", is_active="true",
    )  # fmt: skip
    insert(
        connection, "stations_site", "generate_series(1, 1)", id="1", operator_id="1",
        public_id="'si_bench'", name="'Bench'", country_code="'SE'",
        time_zone="'Europe/Stockholm'",
    )  # fmt: skip
    insert(
        connection, "stations_station", numbers, id="n + 1", operator_id="1", site_id="1",
        public_id="'cs_' || n", identity="'BENCH-' || lpad(n::text, 5, '0')",
        name="'Bench ' || n", security_profile="1", password_digest=f"'{digest}'",
        hands_off="true",
    )  # fmt: skip
    insert(
        connection, "stations_evse", numbers, id="n + 1", operator_id="1", station_id="n + 1",
        number="1", current_type="'AC_3_PHASE'", phases="3", is_confirmed="true",
    )  # fmt: skip
    insert(
        connection, "stations_connector", numbers, operator_id="1", evse_id="n + 1", number="1",
        connector_type="'IEC_62196_T2'", is_confirmed="true", status="'unknown'",
    )  # fmt: skip
    insert(
        connection, "customers_idtoken", numbers, operator_id="1",
        uid="lpad(upper(to_hex(n)), 8, '0')", kind="'rfid'", purpose="'test'", status="'active'",
        allowed_hours="'[]'",
    )  # fmt: skip
    connection.execute("ANALYZE")


def prepare(environ: dict[str, str]) -> None:
    """Tables and stations."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=ROOT,
        env=environ,
        check=True,
    )
    digest = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from stations.hardware.passwords import digest_password as d; "
            "print(d(sys.argv[1].encode(), sys.argv[2]), end='')",
            PASSWORD,
            environ["STATION_KEY"],
        ],
        cwd=ROOT,
        env=environ,
        check=True,
        capture_output=True,
    ).stdout.decode()
    with psycopg.connect(environ["DATABASE_URL"], autocommit=True) as connection:
        seed(connection, digest, STATION_COUNT)


def memory_kib(pid: int) -> float:
    """Resident memory of a process."""
    return float(psutil.Process(pid).memory_info().rss) / 1024


def idle_memory(port: int, pid: int, count: int) -> float:
    """KiB per idle connection."""
    before = memory_kib(pid)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "benchmarks.load",
            orjson.dumps(
                {
                    "port": port,
                    "stations": count,
                    "seconds": 20,
                    "password": PASSWORD,
                    "rate": 1,
                    "first": 0,
                }
            ).decode(),
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    highest = before
    while holder.poll() is None:
        highest = max(highest, memory_kib(pid))
        time.sleep(0.5)
    return round((highest - before) / count, 1)


def crash(environ: dict[str, str], port: int, seconds: float) -> dict[str, Any]:
    """Kill -9 under load, then look for every answered transaction event in the database."""
    note = Path(tempfile.mkdtemp()) / "answered"
    plan = {
        "port": port,
        "stations": 100,
        "first": 3000,
        "seconds": seconds,
        "password": PASSWORD,
        "note_answered": str(note),
    }
    with process(bridge_arguments(environ["BRIDGE_NAME"]), environ, port=port) as child:
        loader = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load", orjson.dumps(plan).decode()],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        time.sleep(seconds / 2 + 3)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        loader.wait()
    answered = _answered_events(note)
    with psycopg.connect(environ["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "SELECT s.identity, f.transaction_id, f.fact->>'seq_no' FROM stations_sessionfact f "
            "JOIN stations_station s ON s.id = f.station_id"
        )
        stored = {(r[0], r[1], int(r[2] or 0)) for r in rows}
    return {"answered_events": len(answered), "missing": len(answered - stored)}


def _answered_events(note: Path) -> set[tuple[str, str, int]]:
    answered = set()
    for line in note.read_bytes().splitlines():
        identity, frame = line.split(b" ", 1)
        call = orjson.loads(frame)
        if call[2] == "TransactionEvent":
            transaction = call[3]["transactionInfo"]["transactionId"]
            answered.add((identity.decode(), transaction, call[3]["seqNo"]))
    return answered


def measure(options: argparse.Namespace, environ: dict[str, str]) -> dict[str, Any]:
    """All figures of one run."""
    seconds = options.seconds
    port = free_port()
    environ = {**environ, "BRIDGE_PORT": str(port)}
    base = {"password": PASSWORD, "seconds": seconds}
    figures: dict[str, Any] = {}
    for name, arguments in BASELINES.items():
        baseline = free_port()
        with process([*arguments, str(baseline)], environ, port=baseline):
            figures[name] = load({**base, "port": baseline, "stations": 100})
    watched = {"postgres": postgres_pid(environ)}
    with process(bridge_arguments("bench"), environ, port=port) as child:
        watched["bridge"] = child.pid
        figures["mixed_100"] = load({**base, "port": port, "stations": 100, "watched": watched})
        rate = figures["mixed_100"]["calls_per_s"]
        figures["half_load_1000"] = load(
            {**base, "port": port, "stations": 1000, "rate": rate / 2, "first": 1000}
        )
    if not options.quick:
        with process(bridge_arguments("bench"), environ, port=port) as child:
            figures["idle_kib_per_connection"] = idle_memory(port, child.pid, 2000)
            figures["storm_2000"] = load(
                {**base, "port": port, "stations": 2000, "rate": 200, "seconds": 5}
            )
        figures["kill_9"] = crash(environ, port, seconds)
        if options.soak:
            figures["soak_5000"] = soak(environ, port, options.soak)
    return figures | ratios(figures)


def ratios(figures: dict[str, Any]) -> dict[str, float]:
    """What the bridge carries against each baseline of the same run."""
    reached = figures["mixed_100"]["calls_per_s"]
    echoes = {
        f"share_of_{name}": round(reached / figures[name]["calls_per_s"], 3)
        for name in ("raw_echo_asyncio", "raw_echo_uvloop")
    }
    return {**echoes, "times_naive": round(reached / max(figures["naive"]["calls_per_s"], 0.1), 1)}


def postgres_pid(environ: dict[str, str]) -> int:
    """The server of ``DATABASE_URL``: parent of every backend."""
    with psycopg.connect(environ["DATABASE_URL"]) as connection:
        return int(psutil.Process(connection.info.backend_pid).ppid())


@contextmanager
def surroundings() -> Iterator[dict[str, str]]:
    """Servers of their own with tables and stations; the environment that names them."""
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as folder,
        servers(Path(folder), durable=True, environ={}, temporary=True) as pair,
    ):
        environ = {
            **os.environ,
            **pair.urls,
            "PORTAL_ENV": "development",
            "STATION_KEY": "benchmark-station-key",
            "LOG_LEVEL": "warning",
            "BRIDGE_NAME": "bench",
        }
        prepare(environ)
        yield environ


def soak(environ: dict[str, str], port: int, minutes: float) -> dict[str, Any]:
    """Hold 5 000 stations with pings and a heartbeat's worth of calls."""
    with process(bridge_arguments("bench"), environ, port=port):
        return load(
            {
                "port": port,
                "stations": 5000,
                "seconds": minutes * 60,
                "password": PASSWORD,
                "rate": 20,
                "ramp_seconds": 30,
            }
        )


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--quick", action="store_true", help="throughput and ratios only")
    parser.add_argument("--soak", type=float, default=0, help="minutes to hold 5 000 stations")
    options = parser.parse_args()
    with surroundings() as environ:
        print(orjson.dumps(measure(options, environ), option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
