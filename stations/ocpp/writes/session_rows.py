"""SQL of sessions, facts and readings: a constant number of statements a batch."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from stations.ocpp.writes.base import Cursor, Rows, insert_rows, insertion, records, recordset
from stations.ocpp.writes.session_plan import may_create
from stations.sessions.facts import Fact
from stations.sessions.live import LiveSession, base_value, credible_time

if TYPE_CHECKING:
    from stations.ocpp.writes.session_plan import TokenNote
    from stations.ocpp.writes.sessions import SessionFactWrite


class KnownFact(NamedTuple):
    """What an earlier copy of a fact was answered."""

    answer: dict[str, Any]
    transaction: str
    session_id: int | None


IDLE = "idle"

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

_KEY_TYPES = {"station_id": "bigint", "key": "varchar"}
_NAME_TYPES = {"station_id": "bigint", "transaction": "varchar"}
_NEXT = "SELECT nextval(%s) FROM generate_series(1, %s)"

# LATERAL and LIMIT leave no other plan than one look into the index for each row given, also
# while the tables are so small that walking all of them seems cheaper.
_KNOWN = f"""
SELECT f.station_id, f.key, f.answer, f.transaction_id, f.session_id
FROM {recordset(_KEY_TYPES)}
JOIN LATERAL (
  SELECT * FROM stations_sessionfact x WHERE x.station_id = u.station_id AND x.key = u.key LIMIT 1
) f ON true
"""  # noqa: S608 - column names of ours

_BY_TRANSACTION = f"""
SELECT s.id, s.operator_id, s.station_id, s.ocpp_transaction_id, s.transaction_use, {_LOADED}
FROM {recordset(_NAME_TYPES)}
JOIN LATERAL (
  SELECT * FROM stations_session x
  WHERE x.station_id = u.station_id AND x.ocpp_transaction_id = u.transaction
  ORDER BY x.transaction_use DESC LIMIT 1
) s ON true
"""  # noqa: S608 - column names of ours

_ACTIVE = f"""
SELECT s.id, s.operator_id, s.station_id, s.ocpp_transaction_id, s.transaction_use, {_LOADED}
FROM stations_evse e
JOIN LATERAL (
  SELECT * FROM stations_session x WHERE x.evse_id = e.id AND x.state = 'active' LIMIT 1
) s ON true
WHERE e.station_id = ANY(%s::bigint[])
"""  # noqa: S608 - column names of ours

_EVSES = "SELECT station_id, number, id FROM stations_evse WHERE station_id = ANY(%s::bigint[])"

_DISPLACE = """
UPDATE stations_session SET state = 'end_missing', reconcile_due = true, power_w = NULL
WHERE id = ANY(%s::bigint[]) AND state = 'active'
"""

_CREATED = {
    "id": "bigint",
    "operator_id": "bigint",
    "public_id": "varchar",
    "station_id": "bigint",
    "ocpp_transaction_id": "varchar",
    "transaction_use": "int",
    "ocpp_version": "varchar",
    "id_token_type": "varchar",
    "token_snapshot": "jsonb",
    "first_received_at": "timestamptz",
    "is_offline": "boolean",
    "reservation_number": "bigint",
    "remote_start_id": "bigint",
    **_LIVE,
    "findings": "jsonb",
    "is_held": "boolean",
    "intervals": "jsonb",
}


_INSERT = insertion("stations_session", _CREATED)
_UPDATE_TYPES = {"id": "bigint", **_LIVE}
_UPDATE = (
    f"UPDATE stations_session s SET {', '.join(f'{n} = u.{n}' for n in _LIVE)} "  # noqa: S608 - names of ours
    f"FROM {recordset(_UPDATE_TYPES)} WHERE s.id = u.id"
)
_TOKEN_TYPES = {"id": "bigint", "kind": "varchar", "snapshot": "jsonb"}
_TOKENS = (
    "UPDATE stations_session s SET id_token_type = u.kind, token_snapshot = u.snapshot "  # noqa: S608 - names of ours
    f"FROM {recordset(_TOKEN_TYPES)} WHERE s.id = u.id AND s.token_snapshot = '{{}}'::jsonb"
)
_FACT_TYPES = {
    "operator_id": "bigint",
    "station_id": "bigint",
    "session_id": "bigint",
    "key": "varchar",
    "kind": "varchar",
    "received_at": "timestamptz",
    "transaction_id": "varchar",
    "fact": "jsonb",
    "answer": "jsonb",
}
_FACTS = insertion("stations_sessionfact", _FACT_TYPES)
_READING_TYPES = {
    "received_at": "timestamptz",
    "operator_id": "bigint",
    "station_id": "bigint",
    "session_id": "bigint",
    "evse_number": "int",
    "at": "timestamptz",
    "measurand": "varchar",
    "phase": "varchar",
    "location": "varchar",
    "context": "varchar",
    "unit": "varchar",
    "value": "numeric",
    "raw": "varchar",
}
_READINGS = insertion("stations_meterreading", _READING_TYPES)


@dataclass(slots=True)
class Loaded:
    """What one batch needs to know before it decides."""

    known: dict[tuple[int, str], KnownFact]
    sessions: list[LiveSession]
    evses: dict[tuple[int, int], int]
    session_ids: list[int]
    transaction_ids: list[int]


def load(cursor: Cursor, writes: Sequence[SessionFactWrite]) -> Loaded:
    """Lock the stations until the end of the transaction, then read: facts that are stored
    already, the sessions named, the active ones, EVSEs, and ids for what may be created.

    All statements are sent before the first result is read: one round trip.
    """
    cursor.execute(_LOCK, [sorted({w.station_id for w in writes})])
    keys = [(w.station_id, w.fact.key) for w in writes]
    named = sorted({(w.station_id, w.fact.transaction) for w in writes if w.fact.transaction})
    stations = sorted({w.station_id for w in writes if _needs_active(w.fact)})
    starts = sum(1 for w in writes if may_create(w.fact))
    numbers = sum(1 for w in writes if w.fact.kind == "start" and w.fact.version == "1.6")
    known = cursor.execute(_KNOWN, [records(_KEY_TYPES, keys)])
    by_name = cursor.execute(_BY_TRANSACTION, [records(_NAME_TYPES, named)])
    active = cursor.execute(_ACTIVE, [stations])
    evses = cursor.execute(_EVSES, [stations])
    session_ids = _next_ids(cursor, "stations_session_id_seq", starts)
    transaction_ids = _next_ids(cursor, "stations_transaction_seq", numbers)
    known_rows = known.fetchall()
    sessions = {row[0]: _session(row) for row in by_name.fetchall()}
    for row in active.fetchall():
        sessions.setdefault(row[0], _session(row))
    return Loaded(
        known={(r[0], r[1]): KnownFact(r[2], r[3], r[4]) for r in known_rows},
        sessions=list(sessions.values()),
        evses={(r[0], r[1]): r[2] for r in evses.fetchall()},
        session_ids=[row[0] for row in session_ids.fetchall()] if session_ids else [],
        transaction_ids=[row[0] for row in transaction_ids.fetchall()] if transaction_ids else [],
    )


def _next_ids(cursor: Cursor, sequence: str, count: int) -> Rows | None:
    """Ids of a sequence; asks nothing for none."""
    return cursor.execute(_NEXT, [sequence, count]) if count else None


def evse_ids(cursor: Cursor, stations: Sequence[int]) -> dict[tuple[int, int], int]:
    """EVSE ids of these stations by station and number."""
    found = cursor.execute(_EVSES, [list(stations)]).fetchall()
    return {(row[0], row[1]): row[2] for row in found}


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


def displace_sessions(cursor: Cursor, ids: Sequence[int]) -> None:
    """Older active sessions give way before the new one takes their EVSE."""
    if ids:
        cursor.execute(_DISPLACE, [sorted(ids)])


def insert_sessions(
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
            token.snapshot if token else {},
            fact.arrived_at,
            fact.offline,
            fact.reservation,
            fact.remote_start,
            *_live_values(session),
            [],
            False,
            {},
        )
        for session, fact, token in created
    ]
    insert_rows(cursor, _INSERT, _CREATED, rows)


def update_sessions(cursor: Cursor, changed: Sequence[LiveSession]) -> None:
    """Write live figures back, in key order."""
    if changed:
        rows = [(session.id, *_live_values(session)) for session in changed]
        cursor.execute(_UPDATE, [records(_UPDATE_TYPES, rows)])


def update_tokens(cursor: Cursor, tokens: Sequence[tuple[int, TokenNote]]) -> None:
    """Keep the first snapshot of a token that a session's later message brought."""
    if tokens:
        rows = [(session, token.kind[:24], token.snapshot) for session, token in tokens]
        cursor.execute(_TOKENS, [records(_TOKEN_TYPES, rows)])


_live = attrgetter(*_LIVE)
_PLACES = {name: place for place, name in enumerate(_LIVE)}
_LONGEST = [(_PLACES[name], length) for name, length in _CUT.items()]
_RANGES = [(_PLACES[name], allowed) for name, allowed in _WITHIN.items()]


def _live_values(session: LiveSession) -> list[Any]:
    values = list(_live(session))
    for place, length in _LONGEST:
        if len(values[place]) > length:
            values[place] = values[place][:length]
    for place, allowed in _RANGES:
        if values[place] is not None and not allowed.holds(values[place]):
            values[place] = None
    return values


def _stored_kind(write: SessionFactWrite) -> str:
    """The fact's kind; readings of an EVSE that charges nobody are ``idle``: kept for some
    days only, in case a session turns up that was reported late."""
    fact = write.fact
    if write.session_id is None and fact.kind == "readings" and fact.transaction is None:
        return IDLE
    return fact.kind


def insert_facts(cursor: Cursor, fresh: Sequence[SessionFactWrite]) -> None:
    """The facts themselves, with the answers they got."""
    rows = [
        (
            w.operator_id,
            w.station_id,
            w.session_id,
            w.fact.key,
            _stored_kind(w),
            w.fact.arrived_at,
            (w.transaction or w.fact.transaction or "")[:64],
            # with the transaction id that we answered; ``fact_codec`` reads it
            replace(w.fact, transaction=w.transaction) if w.transaction else w.fact,
            w.answer,
        )
        for w in fresh
    ]
    insert_rows(cursor, _FACTS, _FACT_TYPES, rows)


def insert_readings(cursor: Cursor, fresh: Sequence[SessionFactWrite]) -> None:
    """Samples of the facts, in base units."""
    rows = [row for write in fresh for row in _reading_rows(write)]
    insert_rows(cursor, _READINGS, _READING_TYPES, rows)


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
