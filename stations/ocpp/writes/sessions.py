"""Session facts: each stored once, given to its session, answered alike when repeated.

Per batch: lock the stations (so that two bridges never decide about one station at once),
find repeats, load the sessions concerned, decide in memory, write everything back with one
statement a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from stations.ocpp.writes import session_rows as rows
from stations.ocpp.writes.base import Cursor, Write
from stations.ocpp.writes.hardware import HIGHEST_NUMBER, Place, ensure_connectors
from stations.ocpp.writes.session_plan import Plan, may_create
from stations.sessions.facts import Fact


@dataclass(slots=True, eq=False)
class SessionFactWrite(Write):
    """One fact about a session. After ``apply``: ``transaction`` is the id to answer with
    (1.6), ``session_id`` the session, ``repeated`` whether it was known already and
    ``stored_answer`` what it was answered then."""

    operator_id: int
    station_id: int
    fact: Fact
    answer: dict[str, Any]
    id_token_type: str = ""
    token_snapshot: dict[str, Any] | None = None
    transaction: str = ""
    session_id: int | None = None
    repeated: bool = False
    stored_answer: dict[str, Any] | None = None

    order: ClassVar[int] = 30

    @classmethod
    def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Store the batch's facts, sessions and readings."""
        writes: list[SessionFactWrite] = sorted(batch, key=lambda w: w.station_id)
        loaded = rows.load(cursor, writes)
        fresh = _split_repeats(writes, loaded.known)
        if fresh:
            _ensure_places(cursor, loaded, fresh)
            plan = _plan(loaded, fresh)
            rows.displace_sessions(cursor, plan.displaced)
            rows.insert_sessions(cursor, plan.created())
            rows.update_sessions(cursor, plan.changed())
            rows.update_tokens(cursor, plan.late_tokens())
            rows.insert_facts(cursor, fresh)
            rows.insert_readings(cursor, fresh)
        _answer_repeats(writes, loaded.known, fresh)


def _ensure_places(cursor: Cursor, loaded: rows.Loaded, fresh: Sequence[SessionFactWrite]) -> None:
    """Create the EVSEs that sessions begin on and nobody entered."""
    unknown: dict[tuple[int, int], Place] = {}
    for write in fresh:
        fact = write.fact
        if fact.evse and 0 < fact.evse <= HIGHEST_NUMBER and may_create(fact):
            place = (write.operator_id, write.station_id, fact.evse, max(fact.connector or 1, 1))
            unknown[(write.station_id, fact.evse)] = place
    places = [unknown[key] for key in sorted(unknown) if key not in loaded.evses]
    if places:
        ensure_connectors(cursor, places)
        loaded.evses.update(rows.evse_ids(cursor, sorted({p[1] for p in places})))


def _split_repeats(
    writes: Sequence[SessionFactWrite], known: dict[tuple[int, str], rows.KnownFact]
) -> list[SessionFactWrite]:
    """Facts that are new, each once."""
    seen = set(known)
    fresh = []
    for write in writes:
        key = (write.station_id, write.fact.key)
        write.repeated = key in seen  # anew each time: a batch may be split and tried again
        if write.repeated:
            continue
        seen.add(key)
        fresh.append(write)
    return fresh


def _plan(loaded: rows.Loaded, fresh: Sequence[SessionFactWrite]) -> Plan:
    """Decide, in memory, which session every fact belongs to and what changes."""
    plan = Plan(
        evses=loaded.evses,
        session_ids=loaded.session_ids,
        transaction_ids=loaded.transaction_ids,
    )
    for session in loaded.sessions:
        plan.add_loaded(session)
    for write in fresh:
        placed = plan.place(write.operator_id, write.station_id, write.fact)
        if write.fact.kind == "start" and write.fact.version == "1.6" and placed:
            write.transaction = placed.transaction
        plan.remember_token(placed, write.id_token_type, write.token_snapshot)
        write.session_id = placed.id if placed else None
    return plan


def _answer_repeats(
    writes: Sequence[SessionFactWrite],
    known: dict[tuple[int, str], rows.KnownFact],
    fresh: Sequence[SessionFactWrite],
) -> None:
    """Give repeats the answer of the first time, also within one batch."""
    first = {(w.station_id, w.fact.key): w for w in fresh}
    for write in writes:
        if not write.repeated:
            continue
        key = (write.station_id, write.fact.key)
        if key in known:
            write.stored_answer = known[key].answer
            write.transaction = known[key].transaction
            write.session_id = known[key].session_id
        else:
            write.stored_answer = first[key].answer
            write.transaction = first[key].transaction
            write.session_id = first[key].session_id
