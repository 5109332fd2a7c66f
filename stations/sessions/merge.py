"""Repeats of a fact become one fact (pure). Rule G1 of docs/reconciliation.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from stations.sessions.clock import Clock, Moment, fact_time
from stations.sessions.facts import Fact


def distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """One fact per key, as it first arrived, knowing what any repeat knew of our answer."""
    by_key: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_key[fact.key].append(fact)
    merged = (_merged(sorted(same, key=_first_seen)) for same in by_key.values())
    return tuple(sorted(merged, key=lambda fact: (fact.arrived_at, fact.key)))


def known_id(fact: Fact) -> str | None:
    """The transaction id when it can name one: not empty, not -1, not 0."""
    text = (fact.transaction or "").strip()
    if not text:
        return None
    if fact.version == "1.6":
        digits = text.lstrip("-+")
        if text.startswith("-") or (digits.isdigit() and int(digits) == 0):
            return None
    return text


def moment_of(fact: Fact, clock: Clock) -> Moment:
    """When a fact happened."""
    return clock.correct(fact_time(fact), fact.arrived_at, fact.offline)


def same_token(one: str | None, other: str | None) -> bool | None:
    """Whether two tokens are the same, ignoring case; None when either is not known."""
    if not one or not other:
        return None
    return one.strip().casefold() == other.strip().casefold()


def _first_seen(fact: Fact) -> tuple[object, ...]:
    return (fact.arrived_at, known_id(fact) or "~", fact.offline, str(fact.accepted))


def _merged(same: list[Fact]) -> Fact:
    first = same[0]
    ids = [fact.transaction for fact in same if known_id(fact)]
    answers = [fact.accepted for fact in same if fact.accepted is not None]
    notes = tuple(sorted({note for fact in same for note in fact.notes}))
    return replace(
        first,
        transaction=ids[0] if ids else first.transaction,
        accepted=answers[0] if answers else None,
        notes=notes,
    )
