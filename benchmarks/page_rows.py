"""A large network made by the database itself: rows for ``benchmarks.pages``.

Sizes at scale 1: 2 000 stations, 1 000 000 sessions and 20 000 000 exchanges in the OCPP journal,
spread over a year and three months, all of one operator. Rows get the triggers that rows of a
real network get; only the search texts are filled once for a table, not row by row.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import psycopg

STATIONS = 2_000
SESSIONS = 1_000_000
FRAMES = 20_000_000
STATUSES = 1_000_000

_EMPTY = {
    "character varying": "''",
    "text": "''",
    "boolean": "false",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "uuid": "gen_random_uuid()",
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many rows there are at a scale; ``since`` rows are there already."""

    stations: int
    sessions: int
    frames: int
    statuses: int

    @classmethod
    def at(cls, scale: float) -> Sizes:
        """Stations stay: what grows with time are sessions and journals."""
        return cls(STATIONS, int(SESSIONS * scale), int(FRAMES * scale), int(STATUSES * scale))


def insert(connection: psycopg.Connection[Any], table: str, source: str, **values: str) -> None:
    """Rows from a generated series; what is not named gets the empty value of its type."""
    columns = connection.execute(
        "SELECT column_name, data_type, is_nullable, column_default, is_identity "
        "FROM information_schema.columns WHERE table_name = %s",
        [table],
    ).fetchall()
    filled = dict(values)
    for name, kind, nullable, default, identity in columns:
        if name not in filled and nullable == "NO" and default is None and identity == "NO":
            filled[name] = _EMPTY.get(kind, "0")
    names, expressions = ", ".join(filled), ", ".join(filled.values())
    connection.execute(f"INSERT INTO {table} ({names}) SELECT {expressions} FROM {source}")


def network(connection: psycopg.Connection[Any]) -> None:
    """Operator, sites, stations, EVSEs, connectors and cards."""
    connection.execute(
        "SELECT portal_ensure_partitions((now() - interval '100 days')::date, "
        "(now() + interval '40 days')::date)"
    )
    insert(
        connection, "core_operator", "generate_series(1, 1)", id="1", name="'Bench'",
        slug="'bench'", country_code="'SE'", party_id="'BEN'", time_zone="'Europe/Stockholm'",
        currency="'SEK'", language="'en'", is_active="true",
    )  # fmt: skip
    insert(
        connection, "stations_site", "generate_series(1, 200) n", id="n", operator_id="1",
        public_id="'si_' || n", name="'Site ' || n", city="'Town ' || n % 40",
        country_code="'SE'", time_zone="'Europe/Stockholm'",
        latitude="55.5 + n % 50 * 0.25", longitude="12 + n % 30 * 0.2",
    )  # fmt: skip
    stations = f"generate_series(1, {STATIONS}) n"
    insert(
        connection, "stations_station", stations, id="n", operator_id="1", site_id="n % 200 + 1",
        public_id="'cs_' || n", identity="'BENCH-' || lpad(n::text, 5, '0')",
        name="'Station ' || n", security_profile="1", vendor="'Maker'", model="'M' || n % 7",
        firmware_version="'1.' || n % 5",
    )  # fmt: skip
    insert(
        connection, "stations_stationlink", stations, station_id="n", generation="1",
        is_connected="n % 20 > 0", connected_at="now() - interval '1 day'", ocpp_version="'1.6'",
        last_seen_at="now()", boot_status="'Accepted'", status="'available'",
    )  # fmt: skip
    insert(
        connection, "stations_evse", f"generate_series(1, {STATIONS * 2}) n", id="n",
        operator_id="1", station_id="(n + 1) / 2", number="(n + 1) % 2 + 1",
        public_id="'SE*BEN*E' || lpad(n::text, 6, '0')", current_type="'AC_3_PHASE'", phases="3",
        is_confirmed="true",
    )  # fmt: skip
    insert(
        connection, "stations_connector", f"generate_series(1, {STATIONS * 2}) n", id="n",
        operator_id="1", evse_id="n", number="1", connector_type="'IEC_62196_T2'",
        is_confirmed="true", status="(ARRAY['available','charging','faulted'])[n % 40 / 19 + 1]",
        status_at="now()", status_received_at="now()",
    )  # fmt: skip
    insert(
        connection, "customers_idtoken", "generate_series(1, 20000) n", id="n", operator_id="1",
        uid="'04' || lpad(upper(to_hex(n)), 12, '0')", kind="'rfid'", purpose="'customer'",
        status="'active'",
    )  # fmt: skip


def grow(connection: psycopg.Connection[Any], before: Sizes, after: Sizes) -> float:
    """Sessions and journals from one size to a larger one; gives the seconds it took."""
    began = time.perf_counter()
    _sessions(connection, before.sessions, after.sessions)
    _frames(connection, before.frames, after.frames)
    insert(
        connection, "stations_statusjournal",
        f"generate_series({before.statuses} + 1, {after.statuses}) n", operator_id="1",
        station_id=f"n % {STATIONS} + 1", evse_number="n % 2 + 1", connector_number="1",
        received_at="now() - (n % 7776000) * interval '1 second'", status="'available'",
        status_raw="'Available'",
    )  # fmt: skip
    for statement in ("VACUUM ANALYZE", "CHECKPOINT"):
        connection.execute(statement)
    return round(time.perf_counter() - began, 1)


def _sessions(connection: psycopg.Connection[Any], low: int, high: int) -> None:
    begun = "now() - interval '1 hour' - (n::bigint * 7919 % 7776000) * interval '1 second'"
    insert(
        connection, "stations_session", f"generate_series({low} + 1, {high}) n", id="n",
        operator_id="1",
        public_id="'se_' || lpad(to_hex(n::bigint * 2654435761 % 4294967296), 16, '0')",
        station_id=f"n % {STATIONS} + 1", evse_id=f"(n % {STATIONS}) * 2 + 1", evse_number="1",
        connector_number="1", ocpp_version="'1.6'", ocpp_transaction_id="n::text",
        state="'ended'", id_token="'04' || lpad(upper(to_hex(n % 20000)), 12, '0')",
        started_at=begun, stopped_at=f"{begun} + interval '50 minutes'", first_received_at=begun,
        last_fact_at=f"{begun} + interval '50 minutes'", energy_wh="n % 60000",
        meter_start_wh="n * 10", register_wh="n * 10 + n % 60000", findings="'[]'",
        is_held="n % 500 = 0",
    )  # fmt: skip


def _frames(connection: psycopg.Connection[Any], low: int, high: int) -> None:
    step = 2_000_000
    for first in range(low, high, step):
        insert(
            connection, "stations_framejournal",
            f"generate_series({first} + 1, {min(first + step, high)}) n", operator_id="1",
            station_id=f"n % {STATIONS} + 1", generation="1", direction="'in'",
            received_at="now() - (n::bigint * 104729 % 7776000) * interval '1 second'",
            ocpp_version="'1.6'", message_id="'m' || n", outcome="'result'",
            action="(ARRAY['Heartbeat','MeterValues','StatusNotification'])[n % 3 + 1]",
            request="'{\"connectorId\":1,\"value\":' || n || '}'", answer="'{}'",
            answered_at="now()",
        )  # fmt: skip
