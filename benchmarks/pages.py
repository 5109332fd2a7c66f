"""How long the server takes for a page, with a large network and with a tenth of its rows.

``python -m benchmarks.pages [--scale 1.0] [--repeat 20]`` starts its own embedded PostgreSQL and
Valkey, fills them (minutes at scale 1), asks for every page through Django's own client as the
owner, and prints JSON: the 95th percentile in milliseconds at a tenth and in full, and their ratio;
and the mean processor time of a page in Django and in PostgreSQL, which a busy machine changes
less.
docs/performance.md tells how to read it.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from typing import Any

import django
import orjson
import psutil
import psycopg
from django.apps import apps
from django.db import connection
from django.test import Client

from benchmarks.page_rows import Sizes, grow, network
from benchmarks.scratch import scratch_portal
from core.collecting import calm_collector
from core.tenancy.scopes import across_operators

NOTHING = Sizes(0, 0, 0, 0)

PAGES = {
    "home": ("/",),
    "stations": ("/stations/", "/stations/?q=station 77", "/stations/?sort=-name&page=7"),
    "station": ("/stations/cs_77/", "/stations/cs_1234/"),
    "sessions": ("/sessions/", "/sessions/?state=ended&page=3", "/sessions/?held=true"),
    "sessions_searched": (
        "/sessions/?q=station+1234",
        "/sessions/?q=04000000001E",
        "/sessions/?q=se_00000000",
    ),
    "sessions_of_a_site": ("/sessions/?site=si_77", "/sessions/?site=si_12&held=true"),
    "session": ("{session}",),
    "journal": ("/journal/", "/journal/?page=5", "/journal/?outcome=error"),
    "journal_of_a_station": (
        "/journal/?station=cs_77",
        "/journal/?station=BENCH-01234&action=MeterValues",
    ),
    "search": ("/search/?q=1234", "/search/?q=Station+77"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A group of pages: 95th percentile in ms, and processor time of one page in ms."""

    p95: float
    django: float
    postgres: float


def measure(repeat: int) -> dict[str, Figure]:
    """Figures of each group of pages, after one round to warm up."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(apps.get_model("core", "User").objects.get(email="bench@example.com"))
    session = f"/sessions/{_one_session()}/"
    figures: dict[str, Figure] = {}
    for name, paths in PAGES.items():
        addresses = [path.format(session=session) for path in paths]
        for address in addresses:
            ask(client, address)
        django_s, postgres_s = time.process_time(), database_seconds()
        times = sorted(ask(client, address) for _n in range(repeat) for address in addresses)
        django_s, postgres_s = time.process_time() - django_s, database_seconds() - postgres_s
        figures[name] = Figure(
            round(times[int(len(times) * 0.95)], 1),
            round(django_s * 1000 / len(times), 1),
            round(postgres_s * 1000 / len(times), 1),
        )
    return figures


def ask(client: Client, address: str) -> float:
    """How long one page took, in ms."""
    began = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200 or not answer.content:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return (time.perf_counter() - began) * 1000


def database_seconds() -> float:
    """Processor time of all processes of the database server so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    used = [child.cpu_times() for child in (server.children() if server else [])]
    return sum(times.user + times.system for times in used)


def _one_session() -> str:
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        found = database.execute("SELECT public_id FROM stations_session WHERE id = 77").fetchone()
        assert found is not None
        return str(found[0])


def prepare() -> None:
    """Tables, the network, and its owner."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        network(database)
    owner = apps.get_model("core", "User").objects.create_user("bench@example.com", language="en")
    with across_operators("the benchmark makes its owner"):
        members = apps.get_model("core", "Membership").objects
        members.create(operator_id=1, user=owner, role="owner")


def run(scale: float, repeat: int) -> dict[str, Any]:
    """Fill to a tenth, measure, fill to the whole, measure again."""
    tenth, whole = Sizes.at(scale / 10), Sizes.at(scale)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        grow(database, NOTHING, tenth)
        small = measure(repeat)
        seconds = grow(database, tenth, whole)
        size = database.execute("SELECT pg_database_size(current_database())").fetchone()
    large = measure(repeat)
    return {
        "rows": {"stations": whole.stations, "sessions": whole.sessions, "frames": whole.frames},
        "database_gib": round((size or [0])[0] / 2**30, 1),
        "filled_in_s": seconds,
        "p95_ms": {name: {"tenth": small[name].p95, "whole": large[name].p95,
                          "ratio": round(large[name].p95 / max(small[name].p95, 0.1), 2)}
                   for name in PAGES},
        "processor_ms": {name: {"tenth": [small[name].django, small[name].postgres],
                                "whole": [large[name].django, large[name].postgres]}
                         for name in PAGES},
    }  # fmt: skip


def main() -> None:
    """Parse, start the servers, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--repeat", type=int, default=20)
    options = parser.parse_args()
    with scratch_portal() as environ:
        os.environ.update(environ)
        django.setup()
        calm_collector()  # as web does
        prepare()
        figures = run(options.scale, options.repeat)
        print(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
