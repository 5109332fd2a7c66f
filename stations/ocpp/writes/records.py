"""Smaller records: attempts, events, variables, reservations, knocks, raw readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from stations.ocpp.writes.base import (
    Cursor,
    Write,
    columns,
    insert_rows,
    insertion,
    records,
    recordset,
)

if TYPE_CHECKING:
    from stations.ocpp.writes.sessions import SessionFactWrite


@dataclass(slots=True, eq=False)
class AttemptWrite(Write):
    """An authorisation attempt and what was answered."""

    operator_id: int
    station_id: int
    evse_number: int | None
    at: datetime
    kind: str
    id_token: str
    id_token_type: str
    decision: str
    reason_code: str
    token_snapshot: dict[str, Any]
    fact: SessionFactWrite | None = None  # the start or event that the token came with

    order: ClassVar[int] = 40

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Insert all attempts; a repeated fact is answered as at first, not judged anew."""
        rows = [
            (
                w.operator_id,
                w.station_id,
                w.evse_number if 0 <= (w.evse_number or 0) < 2**31 else None,
                w.at,
                w.kind,
                w.id_token[:255],
                w.id_token_type[:24],
                w.decision,
                w.reason_code[:40],
                w.token_snapshot,
            )
            for w in batch
            if w.fact is None or not w.fact.repeated
        ]
        insert_rows(cursor, _ATTEMPTS, _ATTEMPT_TYPES, rows)


_ATTEMPT_TYPES = {
    "operator_id": "bigint",
    "station_id": "bigint",
    "evse_number": "int",
    "at": "timestamptz",
    "kind": "varchar",
    "id_token": "varchar",
    "id_token_type": "varchar",
    "decision": "varchar",
    "reason_code": "varchar",
    "token_snapshot": "jsonb",
}
_ATTEMPTS = insertion("stations_authorisationattempt", _ATTEMPT_TYPES)


@dataclass(slots=True, eq=False)
class EventWrite(Write):
    """A station event that is neither status nor session."""

    operator_id: int
    station_id: int
    received_at: datetime
    kind: str
    name: str
    station_at: datetime | None = None
    severity: int | None = None
    request_number: int | None = None
    data: dict[str, Any] | None = None

    order: ClassVar[int] = 45

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Insert all events."""
        rows = [
            (
                w.operator_id,
                w.station_id,
                w.received_at,
                w.station_at,
                w.kind,
                w.name[:120],
                w.severity,
                w.request_number,
                w.data or {},
            )
            for w in batch
        ]
        insert_rows(cursor, _EVENTS, _EVENT_TYPES, rows)


_EVENT_TYPES = {
    "operator_id": "bigint",
    "station_id": "bigint",
    "received_at": "timestamptz",
    "station_at": "timestamptz",
    "kind": "varchar",
    "name": "varchar",
    "severity": "smallint",
    "request_number": "bigint",
    "data": "jsonb",
}
_EVENTS = insertion("stations_stationevent", _EVENT_TYPES)


@dataclass(frozen=True, slots=True)
class Variable:
    """One reported value of the device model, or one 1.6 configuration key."""

    variable: str
    value: str | None
    component: str = ""
    component_instance: str = ""
    evse_number: int = 0
    connector_number: int = 0
    variable_instance: str = ""
    attribute: str = "Actual"
    mutability: str = ""
    characteristics: dict[str, Any] | None = None


@dataclass(slots=True, eq=False)
class VariablesWrite(Write):
    """Values of a station as it reported them."""

    operator_id: int
    station_id: int
    at: datetime
    variables: Sequence[Variable]

    order: ClassVar[int] = 46

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Upsert in key order; the last report of a value wins."""
        rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for w in batch:
            for v in w.variables:
                row = _variable_row(w, v)
                rows[row[1:9]] = row
        ordered = [rows[key] for key in sorted(rows)]
        cursor.execute(_VARIABLES, [records(_VARIABLE_TYPES, ordered)])


def _variable_row(w: VariablesWrite, v: Variable) -> tuple[Any, ...]:
    return (
        w.operator_id,
        w.station_id,
        v.component[:50],
        v.component_instance[:50],
        v.evse_number,
        v.connector_number,
        v.variable[:100],
        v.variable_instance[:50],
        v.attribute[:10],
        v.value,
        v.mutability[:12],
        v.characteristics or {},
        w.at,
        "report",
        "",
    )


_VARIABLE_TYPES = {
    "operator_id": "bigint",
    "station_id": "bigint",
    "component": "varchar",
    "component_instance": "varchar",
    "evse_number": "int",
    "connector_number": "int",
    "variable": "varchar",
    "variable_instance": "varchar",
    "attribute": "varchar",
    "value": "text",
    "mutability": "varchar",
    "characteristics": "jsonb",
    "updated_at": "timestamptz",
    "source": "varchar",
    "command_ref": "varchar",
}
_VARIABLES = f"""
INSERT INTO stations_devicevariable AS d ({", ".join(_VARIABLE_TYPES)})
SELECT * FROM {recordset(_VARIABLE_TYPES)}
ON CONFLICT (station_id, component, component_instance, evse_number, connector_number, variable,
  variable_instance, attribute)
DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at,
  source = excluded.source, command_ref = excluded.command_ref,
  mutability = CASE WHEN excluded.mutability = '' THEN d.mutability ELSE excluded.mutability END,
  characteristics = CASE WHEN excluded.characteristics = '{{}}'::jsonb THEN d.characteristics
                         ELSE excluded.characteristics END
"""  # noqa: S608 - column names of ours


@dataclass(slots=True, eq=False)
class ReservationWrite(Write):
    """A station's word on one of its own reservations."""

    station_id: int
    number: int
    state: str

    order: ClassVar[int] = 47

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Update the reservations of the sending stations only."""
        last = {(w.station_id, w.number): w.state for w in batch}
        rows = [(station, number, last[(station, number)]) for station, number in sorted(last)]
        cursor.execute(
            "UPDATE stations_reservation r SET state = u.state "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::varchar[]) "
            "AS u(station_id, number, state) "
            "WHERE r.station_id = u.station_id AND r.number = u.number",
            columns(rows, 3),
        )


@dataclass(slots=True, eq=False)
class KnockWrite(Write):
    """A refused handshake; counted by identity and reason."""

    identity: str
    reason: str
    station_id: int | None
    remote_address: str
    subprotocols: str
    user_agent: str
    at: datetime

    order: ClassVar[int] = 3

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Count each refusal."""
        for w in sorted(batch, key=lambda w: (w.identity, w.reason)):
            cursor.execute(
                _KNOCK,
                [
                    _shown(w.identity)[:120],
                    w.reason,
                    w.station_id,
                    _shown(w.remote_address)[:64],
                    _shown(w.subprotocols)[:200],
                    _shown(w.user_agent)[:200],
                    w.at,
                    w.at,
                ],
            )


def _shown(text: str) -> str:
    """Text from an unknown client: what cannot be stored or printed is escaped."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in text
    )


_KNOCK = """
INSERT INTO stations_knock AS k (identity, reason, station_id, remote_address, subprotocols,
  user_agent, attempts, first_at, last_at)
VALUES (%s, %s, %s, %s, %s, %s, 1, %s, %s)
ON CONFLICT (identity, reason) DO UPDATE SET attempts = k.attempts + 1,
  last_at = excluded.last_at, remote_address = excluded.remote_address,
  subprotocols = excluded.subprotocols, user_agent = excluded.user_agent,
  station_id = excluded.station_id, dismissed_at = NULL
"""
