"""How long the server takes for a driver's home with 5 000 sessions behind it, and with 5.

``python -m benchmarks.home [--repeat 200] [--others 20000]`` starts its own embedded PostgreSQL
and Valkey, fills them, asks for the homes of two drivers in turn through Django's own client, and
prints JSON: number of queries, 95th percentile in milliseconds, processor time of a page in Django
and in PostgreSQL, and the ratio of many to few.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import Any, Final

import django
import orjson
import psycopg
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.page_rows import STATIONS, Sizes, grow, insert, network
from benchmarks.pages import NOTHING, ask, database_seconds
from benchmarks.scratch import scratch_portal
from core.collecting import calm_collector
from core.tenancy.scopes import across_operators

FEW: Final = 5
MANY: Final = 5_000
DRIVERS: Final = {1: FEW, 2: MANY}
HOME: Final = "/my/bench/"


def prepare(others: int) -> None:
    """A network with sessions of others, and two drivers with their sessions and prices."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        network(database)
        grow(database, NOTHING, Sizes(STATIONS, others, 0, 0))
        insert(
            database, "billing_tariff", "generate_series(1, 1)", id="1", operator_id="1",
            public_id="'tar_1'", name="'Price'", currency="'SEK'",
        )  # fmt: skip
        insert(
            database, "billing_tariffversion", "generate_series(1, 1)", id="1", operator_id="1",
            tariff_id="1", number="1", state="'draft'", digest="repeat('0', 64)",
        )  # fmt: skip
        first = others
        for driver, count in DRIVERS.items():
            _driver(database, driver)
            _charged(database, driver, first + 1, first + count)
            first += count
        database.execute("VACUUM ANALYZE")
    users, logins = apps.get_model("core", "User"), apps.get_model("customers", "CustomerLogin")
    with across_operators("the benchmark makes its drivers"):
        for driver in DRIVERS:
            user = users.objects.create_user(f"driver{driver}@example.com", language="en")
            logins.objects.create(operator_id=1, user=user, kind="driver", driver_id=driver)


def _driver(database: psycopg.Connection[Any], pk: int) -> None:
    insert(
        database, "customers_driver", "generate_series(1, 1)", id=f"{pk}", operator_id="1",
        public_id=f"'drv_{pk}'", name=f"'Driver {pk}'", status="'active'", language="'en'",
    )  # fmt: skip
    database.execute("UPDATE customers_idtoken SET driver_id = %s WHERE id = %s", [pk, pk])


def _charged(database: psycopg.Connection[Any], driver: int, low: int, high: int) -> None:
    """Sessions from ``low`` to ``high``, each with the price that counts."""
    series = f"generate_series({low}, {high}) n"
    begun = f"now() - (n - {low} + 1) * interval '3 hours'"
    ended = f"{begun} + interval '50 minutes'"
    insert(
        database, "stations_session", series, id="n", operator_id="1",
        public_id="'sm_' || n", station_id=f"n % {STATIONS} + 1",
        evse_id=f"(n % {STATIONS}) * 2 + 1", evse_number="1", connector_number="1",
        ocpp_version="'1.6'", ocpp_transaction_id="n::text", state="'ended'",
        id_token="'040000000001'", started_at=begun, stopped_at=ended, first_received_at=begun,
        last_fact_at=ended, energy_wh="n % 60000", findings="'[]'",
        token_snapshot=f"'{{\"driver\": \"drv_{driver}\"}}'",
    )  # fmt: skip
    insert(
        database, "billing_sessionbilling", series, operator_id="1", session_id="n",
        state="'rated'", revision="1", tariff_version_id="1",
    )  # fmt: skip
    insert(
        database, "billing_ratedsession", series, operator_id="1", session_id="n",
        public_id="'rs_' || n", revision="1", is_current="true",
        site_id=f"n % {STATIONS} % 200 + 1",
        station_id=f"n % {STATIONS} + 1", tariff_version_id="1", started_at=begun,
        stopped_at=ended, currency="'SEK'", net="8", tax="2", gross="10",
    )  # fmt: skip


def measure(repeat: int) -> dict[str, Any]:
    """Both homes, asked for in turn."""
    figures: dict[str, Any] = {}
    clients = {driver: _client(driver) for driver in DRIVERS}
    for driver, count in DRIVERS.items():
        ask(clients[driver], HOME)
        with CaptureQueriesContext(connection) as queries:
            ask(clients[driver], HOME)
        figures[str(count)] = {"queries": len(queries)}
    times: dict[int, list[float]] = {driver: [] for driver in DRIVERS}
    used: dict[int, list[float]] = {driver: [0.0, 0.0] for driver in DRIVERS}
    for _turn in range(repeat):
        for driver in DRIVERS:
            django_s, postgres_s = time.process_time(), database_seconds()
            times[driver].append(ask(clients[driver], HOME))
            used[driver][1] += database_seconds() - postgres_s
            used[driver][0] += time.process_time() - django_s
    for driver, count in DRIVERS.items():
        took = sorted(times[driver])
        figures[str(count)] |= {
            "p95_ms": round(took[int(len(took) * 0.95)], 1),
            "median_ms": round(took[len(took) // 2], 1),
            "django_ms": round(used[driver][0] * 1000 / repeat, 1),
            "postgres_ms": round(used[driver][1] * 1000 / repeat, 1),
        }
    few, many = figures[str(FEW)], figures[str(MANY)]
    figures["ratio"] = {
        "p95": round(many["p95_ms"] / few["p95_ms"], 2),
        "processor": round(
            (many["django_ms"] + many["postgres_ms"]) / (few["django_ms"] + few["postgres_ms"]), 2
        ),
    }
    return figures


def _client(driver: int) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        apps.get_model("core", "User").objects.get(email=f"driver{driver}@example.com")
    )
    return client


def main() -> None:
    """Parse, start the servers, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--others", type=int, default=20_000)
    options = parser.parse_args()
    with scratch_portal() as environ:
        os.environ.update(environ)
        django.setup()
        calm_collector()  # as web does
        prepare(options.others)
        print(orjson.dumps(measure(options.repeat), option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
