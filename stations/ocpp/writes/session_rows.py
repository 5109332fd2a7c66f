"""SQL of sessions, facts and readings: a constant number of statements a batch."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from stations.ocpp.writes.base import Cursor, columns, copy_rows, records, recordset
from stations.sessions.facts import Fact
from stations.sessions.live import LiveSession, base_value, credible_time

if TYPE_CHECKING:
    from stations.ocpp.writes.session_plan import Plan, TokenNote
    from stations.ocpp.writes.sessions import SessionFactWrite


class KnownFact(NamedTuple):
    """What an earlier copy of a fact was answered."""

    answer: dict[str, Any]
    transaction: str
    session_id: int | None


# Fields of LiveSession that the update writes back, with their SQL types.
_LIVE: dict[str, str] = {
    "state": "varchar",
    "evse_id": "bigint",
    "evse_number": "int",
    "connector_number": "int",
    "started_at": "timestamptz",
    "stopped_at": "timestamptz",
    "last_fact_at": "timestamptz",
    "id_token": "varchar",
    "meter_start_wh": "numeric",
    "register_wh": "numeric",
    "energy_wh": "numeric",
    "power_w": "numeric",
    "soc_percent": "numeric",
    "charging_state": "varchar",
    "stop_reason": "varchar",
    "authorised": "boolean",
    "reconcile_due": "boolean",
}
_LOADED = ", ".join(f"s.{name}" for name in _LIVE)


class Range(NamedTuple):
    """What a column can hold. The fact keeps the number as sent."""

    lowest: Decimal
    highest: Decimal

    def holds(self, value: Decimal | int) -> bool:
        """Whether the value fits."""
        return self.lowest <= value <= self.highest


_ENERGY = Range(-(Decimal(10) ** 12) + 1, Decimal(10) ** 12 - 1)
_POWER = Range(-(Decimal(10) ** 10) + 1, Decimal(10) ** 10 - 1)
_NUMBER = Range(Decimal(0), Decimal(2**31 - 1))
_WITHIN = {
    "evse_number": _NUMBER,
    "connector_number": _NUMBER,
    "meter_start_wh": _ENERGY,
    "register_wh": _ENERGY,
    "energy_wh": _ENERGY,
    "power_w": _POWER,
}
_CUT = {"id_token": 255, "charging_state": 24, "stop_reason": 40}

_LOCK = "SELECT pg_advisory_xact_lock(20161, hashint8(x)) FROM unnest(%s::bigint[]) x"

_KNOWN = """
SELECT f.station_id, f.key, f.answer, f.transaction_id, f.session_id
FROM unnest(%s::bigint[], %s::varchar[]) AS wanted(station_id, key)
JOIN stations_sessionfact f USING (station_id, key)
"""

_BY_TRANSACTION = f"""
SELECT s.id, s.operator_id, s.station_id, s.ocpp_transaction_id, s.transaction_use, {_LOADED}
FROM unnest(%s::bigint[], %s::varchar[]) AS wanted(station_id, transaction)
JOIN LATERAL (
  SELECT * FROM stations_session x
  WHERE x.station_id = wanted.station_id AND x.ocpp_transaction_id = wanted.transaction
  ORDER BY x.transaction_use DESC LIMIT 1
) s ON true
"""  # noqa: S608 - column names of ours

_ACTIVE = f"""
SELECT s.id, s.operator_id, s.station_id, s.ocpp_transaction_id, s.transaction_use, {_LOADED}
FROM stations_evse e
JOIN stations_session s ON s.evse_id = e.id AND s.state = 'active'
WHERE e.station_id = ANY(%s::bigint[])
"""  # noqa: S608 - column names of ours

_EVSES = "SELECT station_id, number, id FROM stations_evse WHERE station_id = ANY(%s::bigint[])"

_DISPLACE = """
UPDATE stations_session SET state = 'end_missing', reconcile_due = true, power_w = NULL
WHERE id = ANY(%s::bigint[]) AND state = 'active'
"""

_CREATED = (
    "id",
    "operator_id",
    "public_id",
    "station_id",
    "ocpp_transaction_id",
    "transaction_use",
    "ocpp_version",
    "id_token_type",
    "token_snapshot",
    "first_received_at",
    "is_offline",
    "reservation_number",
    "remote_start_id",
    *_LIVE,
)


_INSERT = f"COPY stations_session ({', '.join(_CREATED)}, findings, is_held, intervals) FROM STDIN"
_UPDATE_TYPES = {"id": "bigint", **_LIVE}
_UPDATE = (
    f"UPDATE stations_session s SET {', '.join(f'{n} = u.{n}' for n in _LIVE)} "  # noqa: S608
    f"FROM {recordset(_UPDATE_TYPES)} WHERE s.id = u.id"
)
_FACTS = """COPY stations_sessionfact (operator_id, station_id, session_id, key, kind, received_at,
transaction_id, fact, answer) FROM STDIN"""
_READINGS = """COPY stations_meterreading (received_at, operator_id, station_id, session_id,
evse_number, at, measurand, phase, location, context, unit, value, raw) FROM STDIN"""


async def lock_stations(cursor: Cursor, station_ids: Sequence[int]) -> None:
    """Serialise decisions about these stations until the end of the transaction."""
    await cursor.execute(_LOCK, [list(station_ids)])


async def known_facts(
    cursor: Cursor, keys: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], KnownFact]:
    """Facts among ``keys`` (station, key) that are stored already."""
    await cursor.execute(_KNOWN, columns(keys, 2))
    return {(r[0], r[1]): KnownFact(r[2], r[3], r[4]) for r in await cursor.fetchall()}


async def next_ids(cursor: Cursor, sequence: str, count: int) -> list[int]:
    """``count`` values of a sequence, in one go."""
    if count <= 0:
        return []
    await cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
    return [row[0] for row in await cursor.fetchall()]


async def load_sessions(cursor: Cursor, plan: Plan, fresh: Sequence[SessionFactWrite]) -> None:
    """Sessions that the facts name, the active ones of their stations, and EVSE ids."""
    named = sorted(
        {(w.station_id, w.fact.transaction) for w in fresh if w.fact.transaction is not None}
    )
    sessions: dict[int, LiveSession] = {}
    if named:
        await cursor.execute(_BY_TRANSACTION, columns(named, 2))
        for row in await cursor.fetchall():
            sessions[row[0]] = _session(row)
    stations = sorted({w.station_id for w in fresh if _needs_active(w.fact)})
    if stations:
        await cursor.execute(_ACTIVE, [stations])
        for row in await cursor.fetchall():
            sessions.setdefault(row[0], _session(row))
        await cursor.execute(_EVSES, [stations])
        plan.evses = {(r[0], r[1]): r[2] for r in await cursor.fetchall()}
    for session in sessions.values():
        plan.add_loaded(session)


def _needs_active(fact: Fact) -> bool:
    """Whether deciding needs what else runs on the station."""
    if fact.kind == "start" or fact.version != "1.6":
        return True
    return fact.transaction in (None, "0", "-1") or fact.transaction.startswith("-")


def _session(row: Sequence[Any]) -> LiveSession:
    live = dict(zip(_LIVE, row[5:], strict=True))
    return LiveSession(
        id=row[0], operator_id=row[1], station_id=row[2], transaction=row[3], use=row[4], **live
    )


async def displace_sessions(cursor: Cursor, ids: Sequence[int]) -> None:
    """Older active sessions give way before the new one takes their EVSE."""
    if ids:
        await cursor.execute(_DISPLACE, [sorted(ids)])


async def insert_sessions(
    cursor: Cursor, created: Sequence[tuple[LiveSession, Fact, TokenNote | None]]
) -> None:
    """New sessions."""
    rows = [
        (
            session.id,
            session.operator_id,
            "se_" + secrets.token_hex(8),
            session.station_id,
            session.transaction[:64],
            session.use,
            fact.version,
            token.kind[:24] if token else "",
            orjson.dumps(token.snapshot).decode() if token else "{}",
            fact.arrived_at,
            fact.offline,
            fact.reservation,
            fact.remote_start,
            *_live_values(session),
            "[]",
            False,
            "{}",
        )
        for session, fact, token in created
    ]
    await copy_rows(cursor, _INSERT, rows)


async def update_sessions(cursor: Cursor, changed: Sequence[LiveSession]) -> None:
    """Write live figures back, in key order."""
    if changed:
        rows = [(session.id, *_live_values(session)) for session in changed]
        await cursor.execute(_UPDATE, [records(_UPDATE_TYPES, rows)])


def _live_values(session: LiveSession) -> list[Any]:
    values = []
    for name in _LIVE:
        value = getattr(session, name)
        if name in _CUT:
            value = value[: _CUT[name]]
        elif value is not None and name in _WITHIN and not _WITHIN[name].holds(value):
            value = None
        values.append(value)
    return values


async def insert_facts(cursor: Cursor, fresh: Sequence[SessionFactWrite]) -> None:
    """The facts themselves, with the answers they got."""
    rows = [
        (
            w.operator_id,
            w.station_id,
            w.session_id,
            w.fact.key,
            w.fact.kind,
            w.fact.arrived_at,
            (w.transaction or w.fact.transaction or "")[:64],
            encode_fact(w.fact, w.transaction),
            orjson.dumps(w.answer).decode(),
        )
        for w in fresh
    ]
    await copy_rows(cursor, _FACTS, rows)


_FACT_FIELDS = tuple(field.name for field in fields(Fact))


def encode_fact(fact: Fact, transaction: str = "") -> str:
    """JSON text of a fact, with the transaction id we answered; ``fact_codec`` reads it."""
    plain = {name: getattr(fact, name) for name in _FACT_FIELDS}
    if transaction:
        plain["transaction"] = transaction
    return orjson.dumps(plain, default=_plain).decode()


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)


async def copy_readings(cursor: Cursor, fresh: Sequence[SessionFactWrite]) -> None:
    """Samples of the facts, in base units."""
    await copy_rows(cursor, _READINGS, [r for write in fresh for r in _reading_rows(write)])


def _reading_rows(write: SessionFactWrite) -> list[tuple[Any, ...]]:
    fact, rows = write.fact, []
    for reading in fact.readings:
        at: datetime = credible_time(reading.at, fact.arrived_at)
        for sample in reading.samples:
            value, unit = base_value(sample)
            rows.append(
                (
                    fact.arrived_at,
                    write.operator_id,
                    write.station_id,
                    write.session_id,
                    fact.evse,
                    at,
                    sample.measurand[:50],
                    (sample.phase or "")[:8],
                    sample.location[:12],
                    sample.context[:24],
                    unit[:24],
                    value,
                    sample.raw[:64],
                )
            )
    return rows
