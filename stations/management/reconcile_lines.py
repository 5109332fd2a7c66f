"""JSON lines of frames in, sessions out: what ``manage.py reconcile`` does (no database).

Lines may come in any order: the arrival time stands in each. Format: docs/reconciliation.md.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from stations.ocpp.reading import SESSION_ACTIONS, read_fact
from stations.sessions.context import SessionContext, parse_context
from stations.sessions.facts import Fact
from stations.sessions.findings import plain_number
from stations.sessions.reconcile import SessionTruth
from stations.sessions.truths import find_truths

VERSIONS = {
    "1.6": "1.6",
    "1.6J": "1.6",
    "ocpp1.6": "1.6",
    "2.0.1": "2.0.1",
    "ocpp2.0.1": "2.0.1",
    "2.1": "2.1",
    "ocpp2.1": "2.1",
}
CALL, CALLRESULT = 2, 3


class UnreadableInput(Exception):
    """Nothing in the input can be understood."""


class BadLine(Exception):
    """A line that cannot be used; ``code`` is stable, ``at`` says where."""

    def __init__(self, code: str, message: str, at: str) -> None:
        super().__init__(message)
        self.code, self.message, self.at = code, message, at

    def as_item(self) -> dict[str, Any]:
        """The item that stands in the output for this line."""
        return {"error": {"code": self.code, "message": self.message, "at": self.at}}


@dataclass(frozen=True, slots=True)
class Line:
    """One frame: ``number`` of its line, who sent it and when."""

    number: int
    at: datetime
    station: str
    version: str
    is_ours: bool
    frame: list[Any]

    @property
    def message_id(self) -> str:
        """The id of call and answer; ids that are no text are compared as JSON."""
        one = self.frame[1]
        return one if isinstance(one, str) else json.dumps(one, sort_keys=True, default=str)


@dataclass(slots=True)
class _Input:
    lines: list[Line] = field(default_factory=list)
    contexts: dict[str, SessionContext] = field(default_factory=dict)
    errors: list[BadLine] = field(default_factory=list)


def reconcile_lines(data: bytes) -> list[dict[str, Any]]:
    """Sessions sorted by station and start, then one error item per line of no use.

    Raises UnreadableInput when the bytes are no UTF-8 or no line at all is JSON.
    """
    read = _read(data)
    facts: list[Fact] = []
    answers = _answers(read.lines)
    for line in read.lines:
        try:
            facts += _facts(line, read.contexts, answers)
        except BadLine as error:
            read.errors.append(error)
    truths = find_truths(facts, read.contexts)
    sessions = [session_item(truth) for _group, truth in truths.sessions]
    return sessions + [error.as_item() for error in read.errors]


def session_item(truth: SessionTruth) -> dict[str, Any]:
    """A session as the command prints it."""
    return {
        "station": truth.station,
        "connector": truth.evse,
        "id_token": truth.id_token,
        "started_at": _instant(truth.started_at),
        "stopped_at": _instant(truth.stopped_at),
        "energy_wh": None if truth.energy_wh is None else plain_number(truth.energy_wh),
        "state": truth.state,
        "findings": sorted({finding.code for finding in truth.findings}),
    }


def _read(data: bytes) -> _Input:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"The input is not UTF-8 (byte {error.start})") from error
    rows = [(n, row) for n, row in enumerate(text.split("\n"), 1) if row.strip()]
    read, unreadable = _Input(), 0
    for number, row in rows:
        try:
            _take(_json(row, number), number, read)
        except BadLine as error:
            unreadable += error.code == "not_json"
            read.errors.append(error)
    if rows and unreadable == len(rows):
        raise UnreadableInput("No line of the input is JSON")
    return read


def _json(row: str, number: int) -> Any:
    try:
        return json.loads(row)
    except (ValueError, RecursionError) as error:
        raise BadLine("not_json", f"Not JSON: {error}"[:200], f"line {number}") from error


def _take(item: Any, number: int, read: _Input) -> None:
    at = f"line {number}"
    if not isinstance(item, dict):
        raise BadLine("not_an_object", "A line must be a JSON object", at)
    if "context" in item and "frame" not in item:
        _take_context(item["context"], at, read)
        return
    read.lines.append(_line(item, number))


def _take_context(contexts: Any, at: str, read: _Input) -> None:
    if not isinstance(contexts, dict):
        raise BadLine("bad_context", "context must be an object of stations", at)
    for station, one in contexts.items():
        try:
            read.contexts[station] = parse_context(one)
        except ValueError as error:
            read.errors.append(BadLine("bad_context", f"{station}: {error}", f"{at}: context"))


def _line(item: Mapping[str, Any], number: int) -> Line:
    where = f"line {number}"
    station, version = item.get("station"), item.get("ocpp")
    if not isinstance(station, str) or not station:
        raise BadLine("bad_station", "station must be a text", f"{where}: station")
    direction = item.get("dir", "in")
    if direction not in ("in", "out"):
        raise BadLine("bad_direction", 'dir must be "in" or "out"', f"{where}: dir")
    known = VERSIONS.get(version) if isinstance(version, str) else None
    if known is None and (direction == "in" or version is not None):
        raise BadLine("bad_version", 'ocpp must be "1.6" or "2.0.1"', f"{where}: ocpp")
    return Line(
        number=number,
        at=_arrival(item.get("at"), f"{where}: at"),
        station=station,
        version=known or "",
        is_ours=direction == "out",
        frame=_frame(item.get("frame"), f"{where}: frame"),
    )


def _arrival(value: Any, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadLine("bad_time", "at must be a time in ISO 8601", where) from error


def _frame(value: Any, where: str) -> list[Any]:
    """A frame is a list of type, id and more; a call has an action and a payload."""
    if not isinstance(value, list) or len(value) < 3:
        raise BadLine("bad_frame", "frame must be a list of three or four", where)
    if value[0] == CALL and (len(value) < 4 or not isinstance(value[2], str)):
        raise BadLine("bad_frame", "A call has an id, an action and a payload", where)
    return value


def _answers(lines: Sequence[Line]) -> dict[int, list[dict[str, Any]]]:
    """Our answers by number of the line they answer: the last call of that id before them."""
    calls: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: one.at):
        if not line.is_ours and line.frame[0] == CALL:
            calls[(line.station, line.message_id)].append(line)
    answers: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        if not line.is_ours or line.frame[0] != CALLRESULT or not isinstance(line.frame[2], dict):
            continue
        asked = calls.get((line.station, line.message_id), [])
        index = bisect_right(asked, line.at, key=lambda call: call.at)
        latest = asked[index - 1].at if index else None
        first = bisect_left(asked, latest, key=lambda call: call.at) if latest else 0
        for call in asked[first:index] or asked[:1]:
            answers[call.number].append(line.frame[2])
    return answers


def _facts(
    line: Line,
    contexts: Mapping[str, SessionContext],
    answers: Mapping[int, Sequence[dict[str, Any]]],
) -> list[Fact]:
    """The fact of a line, once per answer that it got."""
    if line.is_ours or line.frame[0] != CALL:
        return []
    action = line.frame[2]
    if action not in SESSION_ACTIONS[line.version]:
        return []
    context = contexts.get(line.station) or SessionContext()
    fact = read_fact(
        line.version,
        action,
        line.frame[3],
        station=line.station,
        arrived_at=line.at,
        zone=context.zone,
    )
    if fact is None:
        text = f"{action} says nothing that can be used"
        raise BadLine("unreadable_message", text, f"line {line.number}: frame")
    return [_answered(fact, one) for one in answers.get(line.number, ())] or [fact]


def _answered(fact: Fact, answer: Mapping[str, Any]) -> Fact:
    """A start knows the id and the verdict that we gave it."""
    if fact.version != "1.6":
        return replace(fact, accepted=_verdict(answer.get("idTokenInfo")))
    if fact.kind != "start":
        return fact
    number = answer.get("transactionId")
    named = isinstance(number, int | str) and not isinstance(number, bool)
    transaction = str(number) if named else None
    return replace(fact, transaction=transaction, accepted=_verdict(answer.get("idTagInfo")))


def _verdict(info: Any) -> bool | None:
    status = info.get("status") if isinstance(info, dict) else None
    return None if status is None else status == "Accepted"


def _instant(at: datetime | None) -> str | None:
    if at is None:
        return None
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
