"""What must hold of intervals and of uptime for any facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.periods import (
    Period,
    clipped,
    common_to_all,
    difference,
    gaps,
    intersection,
    merged,
    total,
    union,
)
from core.periods import cut as cut_out
from stations.uptime.availability import availability
from stations.uptime.energy_weighted import HOURS, energy_weighted
from stations.uptime.mending import Failure, measure_mending
from stations.uptime.nevi import nevi_uptime
from stations.uptime.silence import silences
from stations.uptime.statuses import DOWN, UP, StatusFact, status_time
from stations.uptime.uk import STATUSES, uk_reliability
from stations.uptime.visits import Attempt, measure_visits

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
WITHIN = Period(BEGIN, BEGIN + timedelta(days=10))


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


instants = st.integers(-3_000, 18_000).map(at)
periods = st.lists(
    st.tuples(instants, instants).map(lambda pair: Period(min(pair), max(pair))), max_size=8
)
inner = st.integers(1, 14_399).map(at)
facts = st.lists(
    st.builds(StatusFact, instants, st.sampled_from(sorted(UP | DOWN | {"unknown"}))), max_size=10
)


@given(periods, periods, periods)
def test_intervals_obey_the_laws_of_sets(a: list[Period], b: list[Period], c: list[Period]) -> None:
    assert merged(merged(a)) == merged(a) == merged([*reversed(a), *a])
    assert union(a, b) == union(b, a)
    assert intersection(a, b) == intersection(b, a)
    assert union(a, union(b, c)) == union(union(a, b), c)
    assert intersection(a, union(b, c)) == union(intersection(a, b), intersection(a, c))
    assert difference(a, union(b, c)) == intersection(difference(a, b), difference(a, c))
    assert union(intersection(a, b), difference(a, b)) == merged(a)
    assert intersection(difference(a, b), b) == ()
    assert total(union(a, b)) + total(intersection(a, b)) == total(a) + total(b)
    assert gaps(gaps(a, WITHIN), WITHIN) == clipped(a, WITHIN)
    assert [cut_out(merged(a), one) for one in b] == [clipped(a, one) for one in b]
    assert common_to_all([a, b, c]) == intersection(a, intersection(b, c))


@given(periods, periods, periods, periods, inner)
def test_nevi_is_a_percentage_adds_up_and_forgives_by_exclusion_only(
    outages: list[Period],
    exclusions: list[Period],
    more: list[Period],
    closed: list[Period],
    cut: datetime,
) -> None:
    whole = nevi_uptime(WITHIN, outages, exclusions, closed)
    assert whole.percent is not None
    assert 0 <= whole.percent <= 100

    parts = [
        nevi_uptime(part, outages, exclusions, closed)
        for part in (Period(WITHIN.start, cut), Period(cut, WITHIN.end))
    ]
    assert sum(part.outage_minutes for part in parts) == whole.outage_minutes
    assert sum(part.excluded_minutes for part in parts) == whole.excluded_minutes

    assert (
        nevi_uptime(WITHIN, [*outages[::-1], *outages], [*exclusions, *exclusions], closed) == whole
    )
    forgiven = nevi_uptime(WITHIN, outages, [*exclusions, *more], closed)
    assert forgiven.percent is not None
    assert forgiven.percent >= whole.percent


@given(facts, inner, st.integers(0, 5))
def test_time_of_statuses_adds_up_over_splits(
    given: list[StatusFact], cut: datetime, turn: int
) -> None:
    whole = status_time(given, WITHIN)
    turned = [*given[turn:], *given, *given[:turn]]
    assert status_time(turned, WITHIN) == whole

    parts = [status_time(given, part) for part in (Period(BEGIN, cut), Period(cut, WITHIN.end))]
    assert union(parts[0].known, parts[1].known) == whole.known
    assert union(parts[0].down, parts[1].down) == whole.down

    found = availability(whole.known, whole.down)
    assert found.percent is None or 0 <= found.percent <= 100


@given(st.lists(instants, max_size=12), st.integers(1, 3_000))
def test_silence_starts_at_the_last_message_or_a_threshold_later(
    messages: list[datetime], minutes: int
) -> None:
    threshold = timedelta(minutes=minutes)

    found = silences(messages, WITHIN, threshold)

    assert found == silences([*messages[::-1], *messages], WITHIN, threshold)
    assert difference(found.from_threshold, found.from_last_seen) == ()
    assert not any(one.holds(at) for one in found.from_threshold for at in messages)


@given(periods, periods, st.lists(st.integers(0, 5), min_size=HOURS, max_size=HOURS))
def test_weighted_availability_is_a_percentage(
    known: list[Period], down: list[Period], weights: list[int]
) -> None:
    found = energy_weighted(known, down, [Fraction(one) for one in weights], UTC)

    assert found.percent is None or 0 <= found.percent <= 100
    even = energy_weighted(known, down, [Fraction(1)] * HOURS, UTC)
    assert even.percent == availability(known, down).percent


@given(
    st.lists(
        st.dictionaries(st.sampled_from(sorted(STATUSES)), st.integers(0, 9_999).map(Fraction)),
        max_size=5,
    )
)
def test_reading_a_is_never_below_reading_b(evses: list[dict[str, Fraction]]) -> None:
    found = uk_reliability(evses)

    assert found.percent is None or 0 <= found.percent <= 100
    if found.measured_percent is not None and found.percent is not None:
        assert 0 <= found.measured_percent <= found.percent


@given(
    st.lists(
        st.builds(
            Attempt, st.sampled_from(["", "d1", "d2"]), instants, st.integers(0, 300).map(Fraction)
        ),
        max_size=12,
    )
)
def test_every_visit_has_one_outcome(attempts: list[Attempt]) -> None:
    found = measure_visits(attempts)

    assert found == measure_visits([*attempts[::-1], *attempts])
    assert found.visits == found.first_attempt + found.troubled + found.failed <= found.attempts
    assert found.attempts == len(set(attempts))


def test_mending_takes_means_over_what_happened() -> None:
    first = Failure(at(0), at(5), at(20), at(60))
    second = Failure(at(100), at(115))

    found = measure_mending([first, second, first], Fraction(10_000))

    assert found.failures == 2
    assert found.between_failures == 5_000
    assert found.to_detect == 10
    assert found.to_respond == 15
    assert found.to_restore == 60
    assert measure_mending([], Fraction(1)).between_failures is None
