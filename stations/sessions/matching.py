"""Which session a stop or a run of readings without a known id belongs to (pure).

Rules G5 to G9 of docs/reconciliation.md: EVSE and token must not contradict, time must
fit, and of several candidates the register may choose. Nothing is guessed: two equal
candidates mean no match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from stations.sessions.chain import MARGIN, SPARE_WH, UNKNOWN_POWER_W
from stations.sessions.clock import Clock
from stations.sessions.drafts import LEEWAY, Draft
from stations.sessions.facts import Fact
from stations.sessions.findings import found
from stations.sessions.merge import moment_of, same_token


@dataclass(frozen=True, slots=True)
class Probe:
    """What facts without a known session say about it."""

    first_at: datetime
    last_at: datetime
    evse: int | None
    id_token: str | None
    meter_stop_wh: Decimal | None


def probe_of(facts: Sequence[Fact], clock: Clock) -> Probe:
    """The summary of one run of facts (at least one)."""
    times = [moment_of(fact, clock).at for fact in facts]
    meters = [f.meter_wh for f in facts if f.kind == "stop" and f.meter_wh is not None]
    return Probe(
        first_at=min(times),
        last_at=max(times),
        evse=next((f.evse for f in facts if f.evse), None),
        id_token=next((f.id_token for f in facts if f.id_token), None),
        meter_stop_wh=meters[0] if meters and meters[0] > 0 else None,
    )


def candidates(drafts: Iterable[Draft], probe: Probe) -> list[Draft]:
    """Open sessions that fit; narrowed by what is known for certain while any are left."""
    fitting = [draft for draft in drafts if _fits(draft, probe)]
    narrowings: tuple[Callable[[Draft], bool], ...] = (
        lambda draft: same_token(draft.id_token, probe.id_token) is True,
        lambda draft: probe.evse is not None and draft.evse == probe.evse,
        lambda draft: meter_fits(draft, probe),
    )
    for is_certain in narrowings:
        narrowed = [draft for draft in fitting if is_certain(draft)]
        fitting = narrowed or fitting
    return fitting


def meter_fits(draft: Draft, probe: Probe) -> bool:
    """Whether the stop's register can follow the start's at all."""
    begin = draft.start.meter_wh if draft.start else None
    if begin is None or probe.meter_stop_wh is None:
        return False
    hours = Decimal(int((probe.last_at - draft.starts_at + LEEWAY).total_seconds())) / 3600
    flowed = probe.meter_stop_wh - begin
    return Decimal(0) <= flowed <= UNKNOWN_POWER_W * MARGIN * max(hours, Decimal(0)) + SPARE_WH


def adopt_runs(
    drafts: Sequence[Draft], runs: dict[str, list[Fact]], clock: Clock
) -> dict[str, list[Fact]]:
    """Give runs of an unknown 1.6 id to the start whose answer nobody saw; the rest returns."""
    left: dict[str, list[Fact]] = {}
    for name in sorted(runs, key=lambda one: (probe_of(runs[one], clock).first_at, one)):
        facts = runs[name]
        nameless = [d for d in drafts if not d.ids and d.start and d.start.version == "1.6"]
        fitting = candidates(nameless, probe_of(facts, clock))
        if facts[0].version != "1.6" or len(fitting) != 1:
            left[name] = facts
            continue
        fitting[0].ids.add(name)
        for fact in facts:
            fitting[0].add(fact, clock)
        fitting[0].findings.append(found("matched_by_rule", transaction=name))
    return left


def adopt_stops(
    drafts: Sequence[Draft], stops: Sequence[Fact], clock: Clock
) -> tuple[list[Fact], list[Fact]]:
    """Match stops that name no transaction; returns (ambiguous, fitting nothing).

    A match leaves fewer open sessions, which may decide another stop: repeat until still.
    """
    pending = [stop for stop in stops if not _is_repeat(stop, drafts, clock)]
    matched = True
    while matched:
        matched = False
        for stop in list(pending):
            fitting = candidates(drafts, probe_of([stop], clock))
            if len(fitting) == 1:
                fitting[0].add(stop, clock)
                fitting[0].findings.append(found("stop_matched_by_rule"))
                pending.remove(stop)
                matched = True
    ambiguous: list[Fact] = []
    for stop in pending:
        fitting = candidates(drafts, probe_of([stop], clock))
        for draft in fitting:
            draft.findings.append(found("stop_ambiguous"))
        ambiguous += [stop] if fitting else []
    return ambiguous, [stop for stop in pending if stop not in ambiguous]


def adopt_unknown_stops(
    drafts: Sequence[Draft], runs: dict[str, list[Fact]], clock: Clock
) -> dict[str, list[Fact]]:
    """Stops of an unknown 1.6 id close the one open session that token, time and register
    all point to (held); the rest returns."""
    left: dict[str, list[Fact]] = {}
    for name in sorted(runs, key=lambda one: (probe_of(runs[one], clock).last_at, one)):
        facts, probe = runs[name], probe_of(runs[name], clock)
        fitting = [
            draft
            for draft in candidates(drafts, probe)
            if same_token(draft.id_token, probe.id_token) and meter_fits(draft, probe)
        ]
        is_stop = facts[0].version == "1.6" and any(fact.kind == "stop" for fact in facts)
        if not is_stop or len(fitting) != 1:
            left[name] = facts
            continue
        for fact in facts:
            fitting[0].add(fact, clock)
        fitting[0].findings.append(found("stop_id_unknown", transaction=name))
    return left


def _fits(draft: Draft, probe: Probe) -> bool:
    if draft.stops or draft.start is None:
        return False
    if probe.first_at < draft.starts_at - LEEWAY:
        return False
    if draft.next_start_at is not None and probe.last_at > draft.next_start_at + LEEWAY:
        return False
    if draft.evse and probe.evse and draft.evse != probe.evse:
        return False
    return same_token(draft.id_token, probe.id_token) is not False


def _is_repeat(stop: Fact, drafts: Iterable[Draft], clock: Clock) -> bool:
    """A stop without an id that tells again what a known stop told; it joins that session."""
    at = moment_of(stop, clock).at
    for draft in drafts:
        for other in draft.stops:
            near = abs(moment_of(other, clock).at - at) <= LEEWAY
            tokens = same_token(other.id_token, stop.id_token) is not False
            if near and tokens and other.meter_wh == stop.meter_wh:
                draft.add(stop, clock)
                return True
    return False
