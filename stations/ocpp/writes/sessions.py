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
from stations.ocpp.writes.session_plan import Plan
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
    async def apply(cls, cursor: Cursor, batch: Sequence[Any]) -> None:
        """Store the batch's facts, sessions and readings."""
        writes: list[SessionFactWrite] = sorted(batch, key=lambda w: w.station_id)
        await rows.lock_stations(cursor, sorted({w.station_id for w in writes}))
        known = await rows.known_facts(cursor, [(w.station_id, w.fact.key) for w in writes])
        fresh = _split_repeats(writes, known)
        plan = Plan()
        if fresh:
            await _plan(cursor, plan, fresh)
            await rows.displace_sessions(cursor, plan.displaced)
            await rows.insert_sessions(cursor, plan.created())
            await rows.update_sessions(cursor, plan.changed())
            await rows.insert_facts(cursor, [w for w in fresh if _is_kept(w)])
            await rows.copy_readings(cursor, fresh)
        _answer_repeats(writes, known, fresh)


def _is_kept(write: SessionFactWrite) -> bool:
    """Readings of an idle connector belong to no session and never will."""
    return write.session_id is not None or (
        write.fact.kind != "readings" or write.fact.transaction is not None
    )


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


async def _plan(cursor: Cursor, plan: Plan, fresh: Sequence[SessionFactWrite]) -> None:
    """Decide, in memory, which session every fact belongs to and what changes."""
    await rows.load_sessions(cursor, plan, fresh)
    starts = sum(1 for w in fresh if plan.may_create(w.fact))
    plan.session_ids = await rows.next_ids(cursor, "stations_session_id_seq", starts)
    needed = sum(1 for w in fresh if w.fact.kind == "start" and w.fact.version == "1.6")
    plan.transaction_ids = await rows.next_ids(cursor, "stations_transaction_seq", needed)
    for write in fresh:
        session = plan.place(write.operator_id, write.station_id, write.fact)
        if write.fact.kind == "start" and write.fact.version == "1.6" and session:
            write.transaction = session.transaction
        plan.remember_token(session, write.id_token_type, write.token_snapshot)
        write.session_id = session.id if session else None


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
