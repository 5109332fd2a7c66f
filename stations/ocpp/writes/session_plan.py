"""Which session a fact belongs to, decided in memory for one batch.

The rules are the first, quick half of ``stations.sessions.grouping``: what they leave open
is stored unmatched and matched later from all facts of the station.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from stations.sessions.facts import Fact
from stations.sessions.live import LiveSession, apply_fact, credible_time

REUSE_AFTER = timedelta(hours=1)
"""A start with the id of a session that ended longer ago than this is a new session."""


def may_create(fact: Fact) -> bool:
    """Whether placing ``fact`` may need a new session."""
    return fact.kind == "start" or (fact.version != "1.6" and fact.kind in ("update", "stop"))


@dataclass(slots=True)
class TokenNote:
    """Type and snapshot of the token that a session was started with."""

    kind: str
    snapshot: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """Sessions of one batch: loaded, created, changed, displaced."""

    by_transaction: dict[tuple[int, str], LiveSession] = field(default_factory=dict)
    active: dict[tuple[int, int], LiveSession] = field(default_factory=dict)
    evses: dict[tuple[int, int], int] = field(default_factory=dict)
    displaced: list[int] = field(default_factory=list)
    session_ids: list[int] = field(default_factory=list)
    transaction_ids: list[int] = field(default_factory=list)
    tokens: dict[int, TokenNote] = field(default_factory=dict)
    facts: dict[int, Fact] = field(default_factory=dict)
    _touched: dict[int, LiveSession] = field(default_factory=dict)

    def add_loaded(self, session: LiveSession) -> None:
        """A session read from the database, newest use of its transaction id last."""
        self.by_transaction[(session.station_id, session.transaction)] = session
        self._note_active(session)

    def _note_active(self, session: LiveSession) -> None:
        if session.state == "active" and session.evse_number is not None:
            self.active[(session.station_id, session.evse_number)] = session

    def place(self, operator_id: int, station_id: int, fact: Fact) -> LiveSession | None:
        """The session of ``fact``, created or changed as needed; None leaves it unmatched."""
        session = self._find(station_id, fact)
        if session is None and may_create(fact):
            session = self._create(operator_id, station_id, fact)
        if session is None:
            return None
        self._learn_evse(session, fact)
        apply_fact(session, fact)
        self._touched[session.id] = session
        return session

    def _find(self, station_id: int, fact: Fact) -> LiveSession | None:
        if fact.version == "1.6" and fact.kind == "start":
            return None
        if fact.transaction and fact.transaction not in ("0", "-1"):
            found = self.by_transaction.get((station_id, fact.transaction))
            if found and fact.kind == "start" and self._is_reuse(found, fact):
                return None
            return found
        return self._guess(station_id, fact)

    def _is_reuse(self, found: LiveSession, fact: Fact) -> bool:
        """The station started its ids anew: the earlier session ended long before."""
        at = credible_time(fact.at, fact.arrived_at)
        return bool(
            found.state != "active" and found.stopped_at and at - found.stopped_at > REUSE_AFTER
        )

    def _guess(self, station_id: int, fact: Fact) -> LiveSession | None:
        """Facts without a usable transaction id: the one active session that fits."""
        if fact.kind == "readings" and fact.evse:
            return self.active.get((station_id, fact.evse))
        if fact.kind != "stop":
            return None
        fitting = [
            session
            for (station, _number), session in self.active.items()
            if station == station_id
            and session.state == "active"
            and (not fact.id_token or fact.id_token.upper() == session.id_token.upper())
            and (fact.at is None or session.started_at is None or fact.at >= session.started_at)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _create(self, operator_id: int, station_id: int, fact: Fact) -> LiveSession:
        previous = None
        transaction = fact.transaction or ""
        if fact.version == "1.6":
            transaction = str(self.transaction_ids.pop(0))
        else:
            previous = self.by_transaction.get((station_id, transaction))
        session = LiveSession(
            id=self.session_ids.pop(0),
            operator_id=operator_id,
            station_id=station_id,
            transaction=transaction,
            use=previous.use + 1 if previous else 0,
            is_new=True,
        )
        self.by_transaction[(station_id, transaction)] = session
        self.facts[session.id] = fact
        return session

    def _learn_evse(self, session: LiveSession, fact: Fact) -> None:
        """Note the EVSE when it becomes known; an older active session on it loses its end."""
        if fact.connector and session.connector_number is None:
            session.connector_number = fact.connector
        if not fact.evse or session.evse_number is not None:
            return
        session.evse_number = fact.evse
        session.evse_id = self.evses.get((session.station_id, fact.evse))
        if session.state == "active":
            self._displace(session, fact)

    def _displace(self, session: LiveSession, fact: Fact) -> None:
        key = (session.station_id, fact.evse or 0)
        older = self.active.get(key)
        if older is None or older is session or older.state != "active":
            self.active[key] = session
            return
        began = credible_time(fact.at, fact.arrived_at)
        if older.started_at is not None and began < older.started_at:
            # A start from the station's queue, older than what runs now: its stop follows.
            session.state, session.reconcile_due = "end_missing", True
            return
        older.state, older.reconcile_due, older.power_w = "end_missing", True, None
        if older.is_new:
            self._touched[older.id] = older
        else:
            self.displaced.append(older.id)
        self.active[key] = session

    def remember_token(
        self, session: LiveSession | None, kind: str, snapshot: dict[str, Any] | None
    ) -> None:
        """Keep the snapshot of the token that a session was started with."""
        if session and snapshot is not None:
            self.tokens.setdefault(session.id, TokenNote(kind, snapshot))

    def created(self) -> list[tuple[LiveSession, Fact, TokenNote | None]]:
        """New sessions with their first fact and token."""
        return [
            (s, self.facts[s.id], self.tokens.get(s.id)) for s in self._touched.values() if s.is_new
        ]

    def late_tokens(self) -> list[tuple[int, TokenNote]]:
        """Tokens that came after their session's first message (the cable was first)."""
        return [(s.id, self.tokens[s.id]) for s in self.changed() if s.id in self.tokens]

    def changed(self) -> list[LiveSession]:
        """Sessions that were there before and changed, by id."""
        return sorted((s for s in self._touched.values() if not s.is_new), key=lambda s: s.id)
