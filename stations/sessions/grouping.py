"""All facts of a station become one group per session, and the facts that match none (pure).

The same facts in any order, any number of times, give the same groups. Facts of different
stations never meet: an id is looked up within the sending station only. Rules G1 to G12
of docs/reconciliation.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from stations.sessions.clock import Clock, learn_clock
from stations.sessions.drafts import LEEWAY, Draft
from stations.sessions.facts import Fact
from stations.sessions.findings import Finding, found, settle
from stations.sessions.matching import adopt_runs, adopt_stops, adopt_unknown_stops
from stations.sessions.merge import distinct, known_id, moment_of
from stations.sessions.readings import adopt_readings

LONG_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one session, with what only the whole station's story tells:
    when the next session on the EVSE began, and how facts were matched."""

    station: str
    facts: tuple[Fact, ...]
    superseded_at: datetime | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups in order of time; ``unmatched`` facts are kept and tried again later."""

    groups: tuple[FactGroup, ...]
    unmatched: tuple[Fact, ...]


def group_facts(facts: Iterable[Fact], clock: Clock | None = None) -> Grouping:
    """Group one station's facts. ``clock``: the station's, when learnt from more messages.

    Raises ValueError when the facts are of several stations.
    """
    everything = sorted(facts, key=lambda f: (f.arrived_at, f.key, f.transaction or ""))
    stations = {fact.station for fact in everything}
    if len(stations) > 1:
        raise ValueError("facts of several stations must be grouped apart")
    once = distinct(everything)
    clock = clock or learn_clock(once)
    drafts, unmatched = _drafts(once, _ids_by_key(everything), clock)
    by_key: dict[str, list[Fact]] = defaultdict(list)
    for fact in everything:
        by_key[fact.key].append(fact)
    groups = [
        FactGroup(
            station=draft.facts[0].station,
            facts=tuple(one for fact in draft.facts for one in by_key[fact.key]),
            superseded_at=None if draft.stops else draft.next_start_at,
            findings=settle(draft.findings),
        )
        for draft in drafts
    ]
    return Grouping(tuple(groups), tuple(one for fact in unmatched for one in by_key[fact.key]))


def _drafts(
    facts: Sequence[Fact], ids: dict[str, set[str]], clock: Clock
) -> tuple[list[Draft], list[Fact]]:
    starts = [fact for fact in facts if fact.kind == "start"]
    others = [fact for fact in facts if fact.kind != "start"]
    named = [fact for fact in others if known_id(fact)]
    drafts = _from_starts(starts, named, ids, clock)
    runs = _assign(drafts, named, clock)
    _note_next_starts(drafts)
    runs = adopt_runs(drafts, runs, clock)
    nameless = [fact for fact in others if not known_id(fact)]
    stops = [fact for fact in nameless if fact.kind == "stop"]
    stops.sort(key=lambda fact: (moment_of(fact, clock).at, fact.arrived_at, fact.key))
    ambiguous, lonely = adopt_stops(drafts, stops, clock)
    runs = adopt_unknown_stops(drafts, runs, clock)
    unmatched = list(ambiguous)
    for run in (*runs.values(), *([stop] for stop in lonely)):
        if any(fact.kind != "readings" for fact in run):
            drafts.append(_startless(run, clock))
        else:
            unmatched += run
    _note_next_starts(drafts)
    readings = [fact for fact in nameless if fact.kind != "stop"]
    unmatched += adopt_readings(drafts, readings, clock)
    _note_overlaps(drafts)
    drafts.sort(key=lambda draft: (draft.starts_at, draft.facts[0].key))
    return drafts, sorted(unmatched, key=lambda fact: (fact.arrived_at, fact.key))


def _ids_by_key(facts: Iterable[Fact]) -> dict[str, set[str]]:
    """Every id a fact is known under: a repeated start may have got two answers."""
    ids: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if name := known_id(fact):
            ids[fact.key].add(name)
    return ids


def _from_starts(
    starts: Sequence[Fact], named: Sequence[Fact], ids: dict[str, set[str]], clock: Clock
) -> list[Draft]:
    """One draft per start, unless it only claims a running session once more."""
    drafts: list[Draft] = []
    by_id: dict[str, list[Draft]] = defaultdict(list)
    for start in sorted(starts, key=lambda f: (moment_of(f, clock).at, f.arrived_at, f.key)):
        own = ids.get(start.key, set())
        sharing = [draft for name in sorted(own) for draft in by_id[name]]
        again = [draft for draft in sharing if not _is_new_use(draft, start, named, clock)]
        if again:
            again[-1].add(start, clock)
            again[-1].ids |= own
            _index(again[-1], own, by_id)
            continue
        draft = Draft(start, moment_of(start, clock).at, set(own))
        draft.add(start, clock)
        drafts.append(draft)
        _index(draft, own, by_id)
        if sharing:
            for one in (*sharing, draft):
                one.findings.append(found("transaction_id_reused"))
    return drafts


def _index(draft: Draft, ids: Iterable[str], by_id: dict[str, list[Draft]]) -> None:
    for name in ids:
        if draft not in by_id[name]:
            by_id[name].append(draft)


def _is_new_use(draft: Draft, start: Fact, named: Sequence[Fact], clock: Clock) -> bool:
    """Whether a second start under one id is another session: on another EVSE, after a
    stop, or long after the last word of the first."""
    if draft.evse and start.evse and draft.evse != start.evse:
        return True
    at = moment_of(start, clock).at
    latest = draft.starts_at
    for fact in named:
        told_at = moment_of(fact, clock).at
        if known_id(fact) not in draft.ids or not draft.starts_at <= told_at <= at:
            continue
        if fact.kind == "stop" and fact.arrived_at < start.arrived_at:
            return True
        latest = max(latest, told_at)
    return at - latest >= LONG_AFTER


def _assign(drafts: Sequence[Draft], named: Sequence[Fact], clock: Clock) -> dict[str, list[Fact]]:
    """Facts go to the session of their id; runs of ids that no session has are returned."""
    runs: dict[str, list[Fact]] = defaultdict(list)
    by_id: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        _index(draft, draft.ids, by_id)
    for fact in sorted(named, key=lambda f: (f.kind != "stop", f.arrived_at, f.key)):
        name = known_id(fact) or ""
        use = _use_for(fact, by_id.get(name, ()), clock)
        if use is None:
            runs[name].append(fact)
        else:
            use.add(fact, clock)
    return dict(runs)


def _use_for(fact: Fact, uses: Sequence[Draft], clock: Clock) -> Draft | None:
    """Which use of a transaction id a fact belongs to: the last that began before it."""
    here = [draft for draft in uses if fact.evse and draft.evse == fact.evse]
    uses = here or uses
    if not uses:
        return None
    at = moment_of(fact, clock).at
    begun = [draft for draft in uses if draft.starts_at <= at + LEEWAY]
    if not begun:
        first = uses[0]
        heard_at = first.start.arrived_at if first.start else first.starts_at
        is_older = fact.kind == "stop" and fact.arrived_at < heard_at
        return None if is_older else first
    ended_at = begun[-1].ended_at
    if fact.kind == "update" and ended_at is not None and at - ended_at >= LONG_AFTER:
        return None
    return begun[-1]


def _startless(run: Sequence[Fact], clock: Clock) -> Draft:
    """A session whose start never came: events or a stop prove that there was one."""
    facts = sorted(run, key=lambda f: (moment_of(f, clock).at, f.arrived_at, f.key))
    draft = Draft(None, moment_of(facts[0], clock).at)
    for fact in facts:
        draft.add(fact, clock)
        draft.name(fact)
    if any(fact.kind == "stop" for fact in facts):
        draft.findings.append(found("stop_unmatched"))
    return draft


def _note_next_starts(drafts: Sequence[Draft]) -> None:
    """On one EVSE a session's time is over when the next begins."""
    by_evse: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        draft.next_start_at = None
        if draft.evse:
            by_evse[draft.evse].append(draft)
    for here in by_evse.values():
        here.sort(key=lambda draft: (draft.starts_at, draft.facts[0].key))
        for draft, following in pairwise(here):
            draft.next_start_at = following.starts_at


def _note_overlaps(drafts: Sequence[Draft]) -> None:
    """Two sessions cannot run on one EVSE at a time; both are looked at."""
    by_evse: dict[int | None, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_evse[draft.evse].append(draft)
    for draft in drafts:
        ended_at, next_at = draft.ended_at, draft.next_start_at
        if ended_at is None or next_at is None or ended_at <= next_at + LEEWAY:
            continue
        for one in by_evse[draft.evse]:
            if one is draft or one.starts_at == next_at:
                one.findings.append(found("sessions_overlap", at=ended_at))
