"""Past sessions, readings and authorisation attempts as rows for COPY."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from portal.demo.cards import DemoToken
from portal.demo.doubts import kept_of, meter_of, record_of
from portal.demo.history import StationHistory
from portal.demo.network_rows import Ids
from portal.demo.visits import Sampled, Visit

Row = tuple[Any, ...]

SESSION_COLUMNS: Final = (
    "id operator_id public_id station_id evse_id evse_number connector_number ocpp_version "
    "ocpp_transaction_id transaction_use state id_token id_token_type token_snapshot "
    "authorised started_at stopped_at first_received_at last_fact_at meter_start_wh "
    "register_wh energy_wh power_w soc_percent charging_state stop_reason is_offline findings "
    "is_held intervals reconcile_due reconciled_at"
)
READING_COLUMNS: Final = (
    "received_at operator_id station_id session_id evse_number at measurand context unit value raw"
)
ATTEMPT_COLUMNS: Final = (
    "operator_id station_id evse_number at kind id_token id_token_type decision reason_code "
    "token_snapshot"
)
ATTEMPTS_KEPT: Final = timedelta(days=30)

_REFUSALS: Final = {"blocked": ("Blocked", "blocked"), "invalid": ("Invalid", "withdrawn")}


@dataclass
class SessionRows:
    """Makes the rows of one station. ``transaction_ids`` come from the network's sequence
    (1.6); ``session_ids`` from the table's."""

    ids: Ids
    history: StationHistory
    session_ids: Iterator[int]
    transaction_ids: Iterator[int]
    now: datetime
    rng: random.Random

    def __post_init__(self) -> None:
        self.operator_id = self.ids.operators[self.history.operator.slug]
        self.station_id = self.ids.stations[self.history.station.identity]
        self.version = self.history.station.make.ocpp_version

    def rows(self) -> Iterator[tuple[Row, list[Row]]]:
        """Each session's row with the rows of its readings."""
        for evse in self.history.evses:
            for visit in evse.visits:
                session_id = next(self.session_ids)
                yield self._session(visit, session_id), list(self._readings(visit, session_id))

    def _session(self, visit: Visit, session_id: int) -> Row:
        gaps, rng = self.history.gaps, self.rng
        offline = gaps.around(visit.started_at) is not None
        record = record_of(visit, arrived_late=offline)
        first_received = gaps.arrival(visit.started_at, rng.randint(90, 700))
        last_received = gaps.arrival(visit.stopped_at, rng.randint(90, 700))
        number = visit.evse.number
        return (
            session_id,
            self.operator_id,
            f"se_{rng.getrandbits(64):016x}",
            self.station_id,
            self.ids.evses[self.history.station.identity, number],
            number,
            1,
            self.version,
            self._transaction_id(),
            0,
            record.state,
            visit.token.uid,
            token_type(self.version, visit.token),
            snapshot(self.ids, visit.token),
            True,
            visit.started_at,
            visit.stopped_at,
            first_received,
            last_received,
            visit.meter_start_wh,
            meter_of(visit)[-1].register_wh,
            record.energy_wh,
            0,
            visit.samples[-1].soc_percent,
            "",
            record.stop_reason,
            offline,
            [finding.as_dict() for finding in record.findings],
            record.is_held,
            kept_of(visit, record),
            False,
            last_received + timedelta(seconds=5),
        )

    def _transaction_id(self) -> str:
        if self.version == "1.6":
            return str(next(self.transaction_ids))
        return str(UUID(int=self.rng.getrandbits(128), version=4))

    def _readings(self, visit: Visit, session_id: int) -> Iterator[Row]:
        samples = meter_of(visit)
        last = len(samples) - 1
        for at, sample in enumerate(samples):
            context = (
                "Transaction.Begin"
                if at == 0
                else "Transaction.End"
                if at == last
                else "Sample.Periodic"
            )
            yield from self._reading(visit, session_id, sample, context)

    def _reading(
        self, visit: Visit, session_id: int, sample: Sampled, context: str
    ) -> Iterator[Row]:
        arrived = self.history.gaps.arrival(sample.at, 250)
        head = (
            arrived,
            self.operator_id,
            self.station_id,
            session_id,
            visit.evse.number,
            sample.at,
        )
        register = sample.register_wh
        yield (*head, "Energy.Active.Import.Register", context, "Wh", register, str(register))
        if context == "Sample.Periodic":
            power = sample.power_w
            yield (*head, "Power.Active.Import", context, "W", power, str(power))
        if sample.soc_percent is not None:
            soc = sample.soc_percent
            yield (*head, "SoC", context, "Percent", soc, str(soc))

    def attempts(self) -> Iterator[Row]:
        """Who asked lately: those who charged, and some who were turned away."""
        since = self.now - ATTEMPTS_KEPT
        for evse in self.history.evses:
            for visit in evse.visits:
                if visit.started_at > since and not self.history.gaps.around(visit.started_at):
                    at = visit.started_at - timedelta(seconds=3)
                    yield self._attempt(evse.evse.number, at, visit.token, "Accepted", "accepted")
                if visit.started_at > since and self.rng.random() < 0.04:
                    at = visit.started_at - timedelta(minutes=self.rng.uniform(2, 9))
                    yield self._refusal(evse.evse.number, at)

    def _refusal(self, number: int, at: datetime) -> Row:
        turned_away = [t for t in self.history.operator.tokens if not t.may_charge_at(at)]
        if not turned_away or self.rng.random() < 0.4:
            uid = f"04{self.rng.getrandbits(48):012X}"
            return (*self._asked(number, at, uid, ""), "Invalid", "unknown_token", {})
        token = self.rng.choice(turned_away)
        decision, reason = _REFUSALS.get(token.status, ("Expired", "expired"))
        return self._attempt(number, at, token, decision, reason)

    def _attempt(
        self, number: int, at: datetime, token: DemoToken, decision: str, reason: str
    ) -> Row:
        head = self._asked(number, at, token.uid, token_type(self.version, token))
        return (*head, decision, reason, snapshot(self.ids, token))

    def _asked(self, number: int, at: datetime, uid: str, kind: str) -> Row:
        evse = number if self.version != "1.6" else None  # Authorize of 1.6 names no connector
        return (self.operator_id, self.station_id, evse, at, "authorize", uid, kind)


def token_type(version: str, token: DemoToken) -> str:
    """The type that the wire gives; 1.6 has none."""
    if version == "1.6":
        return ""
    return "Central" if token.kind == "app" else "ISO14443"


def snapshot(ids: Ids, token: DemoToken) -> dict[str, Any]:
    """What a session keeps of its token (customers.authorisation.cards.snapshot_of)."""
    return {
        "id": ids.tokens[token.uid],
        "uid": token.uid,
        "label": token.label,
        "purpose": token.purpose,
        "kind": token.kind,
        "group": token.group_id,
        "printed_number": token.printed_number,
        **ids.owners.get(token.uid, {}),
    }


def count_sessions(history: StationHistory) -> int:
    """How many session ids a station's rows need."""
    return sum(len(evse.visits) for evse in history.evses)
