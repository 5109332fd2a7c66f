"""What ``benchmarks.uptime`` measures, in a process that knows the servers: fills the database,
makes the days of all stations, prints JSON."""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django
import orjson
import psutil
import psycopg

django.setup()

from django.db import connection
from django.utils import timezone

from benchmarks.page_rows import insert
from core.collecting import calm_collector
from core.tenancy.scopes import across_operators
from stations.uptime import rebuilding, selectors
from stations.uptime.models import Outage, UptimeDay

EVSES = 10_000
ROWS_AN_EVSE = 1_940
LINKS_A_STATION = 120
STATUSES = "(ARRAY['available','preparing','charging','finishing'])[n % 4 + 1]"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many there are at a scale."""

    stations: int

    @classmethod
    def at(cls, scale: float) -> Sizes:
        """Two EVSEs a station."""
        return cls(max(int(EVSES * scale / 2), 1))

    @property
    def rows(self) -> int:
        """Of both journals."""
        return self.stations * (2 * ROWS_AN_EVSE + LINKS_A_STATION)


def fill(database: psycopg.Connection[Any], sizes: Sizes) -> None:
    """The network and a year of its journals: one visit in fifty is a fault of some hours."""
    database.execute(
        "SELECT portal_ensure_partitions((now() - interval '380 days')::date,"
        " (now() + interval '40 days')::date)"
    )
    _network(database, sizes)
    at = "now() - interval '365 days' + n * interval '365 days' / {most} + ({lag}) * interval '1 s'"
    insert(
        database, "stations_statusjournal",
        f"generate_series(1, {sizes.stations}) s, generate_series(1, 2) e,"
        f" generate_series(0, {ROWS_AN_EVSE} - 1) n",
        operator_id="1", station_id="s", evse_number="e", connector_number="1", generation="1",
        received_at=at.format(most=ROWS_AN_EVSE, lag="(s * 37 + e * 911) % 5000"),
        status=f"CASE WHEN n % 200 = 13 THEN 'faulted' ELSE {STATUSES} END", status_raw="''",
        error_code="CASE WHEN n % 200 = 13 THEN 'InternalError' ELSE '' END",
    )  # fmt: skip
    insert(
        database, "stations_connectionjournal",
        f"generate_series(1, {sizes.stations}) s, generate_series(0, {LINKS_A_STATION} - 1) n",
        operator_id="1", station_id="s", generation="n / 2 + 1",
        kind="(ARRAY['connected','disconnected'])[n % 2 + 1]",
        received_at=at.format(most=LINKS_A_STATION, lag="s % 5000 - n % 2 * 1200"),
        happened_at=at.format(most=LINKS_A_STATION, lag="s % 5000 - n % 2 * 1200"),
    )  # fmt: skip
    database.execute("VACUUM ANALYZE")


def _network(database: psycopg.Connection[Any], sizes: Sizes) -> None:
    insert(
        database, "core_operator", "generate_series(1, 1)", id="1", name="'Bench'",
        slug="'bench'", country_code="'SE'", party_id="'BEN'", time_zone="'Europe/Stockholm'",
        currency="'SEK'", language="'en'", is_active="true",
    )  # fmt: skip
    insert(
        database, "stations_site", "generate_series(1, 200) n", id="n", operator_id="1",
        public_id="'si_' || n", name="'Site ' || n", country_code="'SE'",
        time_zone="'Europe/Stockholm'", opening_hours="NULL",
    )  # fmt: skip
    stations = f"generate_series(1, {sizes.stations}) n"
    insert(
        database, "stations_station", stations, id="n", operator_id="1", site_id="n % 200 + 1",
        public_id="'cs_' || n", identity="'BENCH-' || n", name="'Station ' || n",
        security_profile="1", vendor="'Maker'", model="'M' || n % 7",
    )  # fmt: skip
    insert(
        database, "stations_evse", f"generate_series(1, {sizes.stations * 2}) n", id="n",
        operator_id="1", station_id="(n + 1) / 2", number="(n + 1) % 2 + 1",
        public_id="'E' || n", current_type="'DC'", phases="3", is_confirmed="true",
    )  # fmt: skip
    insert(
        database, "stations_connector", f"generate_series(1, {sizes.stations * 2}) n", id="n",
        operator_id="1", evse_id="n", number="1", connector_type="'IEC_62196_T2_COMBO'",
        is_confirmed="true",
    )  # fmt: skip


def _tell(sizes: Sizes) -> None:
    """Every station tells of a fault that is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stations_statusjournal (received_at, operator_id, station_id,"
            " evse_number, connector_number, status, status_raw, error_code, info,"
            " vendor_error_code, generation)"
            " SELECT now() - (2 - k) * interval '1 minute', 1, s, 1, 1,"
            " (ARRAY['faulted','available'])[k], '', '', '', '', 1"
            " FROM generate_series(1, %s) s, generate_series(1, 2) k",
            [sizes.stations],
        )


def _database_seconds() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    used = [child.cpu_times() for child in (server.children() if server else [])]
    return sum(times.user + times.system for times in used)


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds by the clock, of this process and of PostgreSQL."""
    clock, own, database = time.perf_counter(), time.process_time(), _database_seconds()
    work()
    return {
        "clock_s": round(time.perf_counter() - clock, 2),
        "python_s": round(time.process_time() - own, 2),
        "postgres_s": round(_database_seconds() - database, 2),
    }


def _count() -> None:
    with connection.cursor() as cursor:
        for table in ("stations_statusjournal", "stations_connectionjournal"):
            cursor.execute(f"SELECT count(*) FROM {table}")


def measure(sizes: Sizes, is_profiled: bool) -> dict[str, Any]:
    """All figures, in the order in which an installation meets them."""

    def rebuild_all(now: datetime) -> None:
        while rebuilding.rebuild_next(now=now):
            pass

    def year() -> None:
        today = timezone.now().date()
        selectors.uptime_report(from_on=today - timedelta(days=364), until_on=today, by="month")

    rebuilding.add_states(sizes.stations)
    now = timezone.now()
    profile = cProfile.Profile()
    if is_profiled:
        profile.enable()
    cold = timed(lambda: rebuild_all(now))
    if is_profiled:
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(25)
    later = now + timedelta(hours=1)
    _tell(sizes)
    figures = {
        "cold": cold,
        "incremental": timed(lambda: rebuild_all(later)),
        "quiet": timed(lambda: rebuild_all(later + timedelta(hours=1))),
        "report": timed(year),
        "count": timed(_count),
    }
    count_s = max(figures["count"]["clock_s"], 0.01)
    return {
        "evses": sizes.stations * 2,
        "journal_rows": sizes.rows,
        "days": UptimeDay.objects.count(),
        "outages": Outage.objects.count(),
        **figures,
        "cold_ms_an_evse": round(1000 * cold["clock_s"] / (sizes.stations * 2), 1),
        "cold_by_count": round(cold["clock_s"] / count_s),
        "report_by_count": round(figures["report"]["clock_s"] / count_s, 2),
    }


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    sizes = Sizes.at(options.scale)
    calm_collector()  # as workers do
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        fill(database, sizes)
    with across_operators("days of every operator's stations are made"):
        figures = measure(sizes, options.profile)
    print(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
