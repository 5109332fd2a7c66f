"""What holds for every story that stations can tell."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from stations.hardware.quirks import Quirks
from stations.sessions.context import SessionContext
from stations.sessions.facts import Fact
from stations.sessions.findings import TEXTS
from stations.sessions.reconcile import SessionTruth, reconcile
from stations.sessions.tests.stories import at, start, stop, stories, values
from stations.sessions.truths import Truths, find_truths

busy = settings(deadline=None, max_examples=60)
UNKNOWN = {"energy_not_yet_known", "no_readings", "one_reading_only"}
contexts = st.sampled_from(
    [
        SessionContext(),
        SessionContext(max_power_w=Decimal(22000)),
        SessionContext(quirks=Quirks(register_modulus_wh=Decimal(1_000_000_000), phases=1)),
    ]
)


def told(facts: list[Fact], context: SessionContext, hours: int | None = None) -> Truths:
    now = None if hours is None else at(60 * hours)
    return find_truths(facts, {"CP1": context}, now)


def truths(
    facts: list[Fact], context: SessionContext, hours: int | None = None
) -> list[SessionTruth]:
    return [truth for _group, truth in told(facts, context, hours).sessions]


@busy
@given(stories, contexts, st.randoms(use_true_random=False), st.sampled_from([None, 5, 90]))
def test_order_does_not_matter(
    facts: list[Fact], context: SessionContext, chance: Random, hours: int | None
) -> None:
    shuffled = chance.sample(facts, len(facts))

    assert truths(shuffled, context, hours) == truths(facts, context, hours)


@busy
@given(stories, contexts, st.data())
def test_repeats_do_not_matter(
    facts: list[Fact], context: SessionContext, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(facts), max_size=8)) if facts else []

    assert truths(facts + again, context) == truths(facts, context)


@busy
@given(stories, contexts)
def test_every_fact_is_in_one_group_or_unmatched(
    facts: list[Fact], context: SessionContext
) -> None:
    result = told(facts, context)

    placed = Counter(fact.key for group, _truth in result.sessions for fact in group.facts)
    placed.update(fact.key for fact in result.unmatched)
    assert placed == Counter(fact.key for fact in facts)


@busy
@given(stories, contexts)
def test_starts_and_stops_are_never_lost(facts: list[Fact], context: SessionContext) -> None:
    result = told(facts, context)

    for fact in result.unmatched:
        assert fact.kind != "start"
        if fact.kind == "stop":
            codes = {one.code for _group, truth in result.sessions for one in truth.findings}
            assert "stop_ambiguous" in codes


@busy
@given(stories, contexts, st.sampled_from([None, 90]))
def test_energy_is_never_negative_and_unknown_only_with_a_reason(
    facts: list[Fact], context: SessionContext, hours: int | None
) -> None:
    for truth in truths(facts, context, hours):
        codes = {one.code for one in truth.findings}
        if truth.energy_wh is None:
            assert codes & UNKNOWN
            assert truth.certainty == "unknown"
        else:
            assert truth.energy_wh >= 0
            assert not codes & UNKNOWN
        assert codes <= set(TEXTS)


@busy
@given(stories, contexts)
def test_curve_never_falls_and_ends_at_the_energy(
    facts: list[Fact], context: SessionContext
) -> None:
    for truth in truths(facts, context):
        energies = [point.energy_wh for point in truth.curve]
        assert energies == sorted(energies)
        from_intervals = any(one.code == "energy_from_intervals" for one in truth.findings)
        if truth.energy_wh is not None and not from_intervals:
            assert energies[0] == 0
            assert energies[-1] == truth.energy_wh


@busy
@given(stories, contexts, st.sampled_from([None, 90]))
def test_intervals_lie_in_the_session_and_do_not_overlap(
    facts: list[Fact], context: SessionContext, hours: int | None
) -> None:
    for truth in truths(facts, context, hours):
        for one in truth.intervals:
            assert truth.started_at is not None
            assert truth.started_at <= one.started_at < one.stopped_at
            assert truth.stopped_at is None or one.stopped_at <= truth.stopped_at
        for before, after in pairwise(truth.intervals):
            assert before.stopped_at <= after.started_at


@busy
@given(stories, contexts, st.sampled_from([None, 90]))
def test_states_follow_from_start_and_stop(
    facts: list[Fact], context: SessionContext, hours: int | None
) -> None:
    for group, truth in told(facts, context, hours).sessions:
        kinds = {fact.kind for fact in group.facts}
        assert (truth.state == "start_missing") == ("start" not in kinds)
        assert (truth.state == "ended") == ({"start", "stop"} <= kinds)
        if truth.state in ("end_missing", "start_missing"):
            assert truth.is_held
        if truth.started_at is not None and truth.stopped_at is not None:
            assert truth.started_at <= truth.stopped_at


steps = st.lists(
    st.tuples(st.integers(1, 50), st.decimals(0, 20_000, places=2)), min_size=2, max_size=12
)


@busy
@given(steps)
def test_a_clean_story_is_measured_exactly(steps: list[tuple[int, Decimal]]) -> None:
    minutes, register = 0, Decimal(1000)
    facts = [start(0, register)]
    for pause, energy in steps[:-1]:
        minutes, register = minutes + pause, register + energy
        facts.append(values(minutes, register))
    minutes, register = minutes + steps[-1][0], register + steps[-1][1]
    facts.append(stop(minutes, register))

    truth = reconcile(facts, SessionContext(max_power_w=Decimal(2_000_000)))

    assert truth.energy_wh == sum((energy for _pause, energy in steps), Decimal(0))
    assert truth.certainty == "measured"
    assert not truth.is_held


@busy
@given(steps, st.data())
def test_a_session_split_at_a_reading_adds_up(
    steps: list[tuple[int, Decimal]], data: st.DataObject
) -> None:
    minutes, register = 0, Decimal(1000)
    points = [(minutes, register)]
    for pause, energy in steps:
        minutes, register = minutes + pause, register + energy
        points.append((minutes, register))
    cut = data.draw(st.integers(1, len(points) - 1))

    def energy_of(part: list[tuple[int, Decimal]]) -> Decimal:
        inner = [values(when, value) for when, value in part[1:-1]]
        ends = [start(*part[0]), *inner, stop(*part[-1])]
        energy = reconcile(ends, SessionContext(max_power_w=Decimal(2_000_000))).energy_wh
        assert energy is not None
        return energy

    whole = energy_of(points)
    if cut == len(points) - 1:
        return
    assert energy_of(points[: cut + 1]) + energy_of(points[cut:]) == whole
