"""Token buckets: who is stopped, who is not, and how fast a station may talk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.ocpp.bridge.limits import AttemptLimiter, MessageLimiter


def test_a_source_is_stopped_after_its_failures_and_let_in_again_with_time() -> None:
    limiter = AttemptLimiter(burst=3, per_second=0.1)
    for _attempt in range(3):
        assert not limiter.is_blocked("evil", "CP-1", 0)
        limiter.failed("evil", "CP-1", 0)

    assert limiter.is_blocked("evil", "CP-1", 1)
    assert not limiter.is_blocked("evil", "CP-1", 11)


def test_the_real_station_elsewhere_is_not_locked_out() -> None:
    limiter = AttemptLimiter(burst=3)
    for _attempt in range(1000):
        limiter.failed("evil", "CP-1", 0)

    assert limiter.is_blocked("evil", "CP-1", 0)
    assert not limiter.is_blocked("home", "CP-1", 0)


def test_a_source_that_tries_many_identities_is_stopped_for_all() -> None:
    limiter = AttemptLimiter(burst=3)
    for number in range(30):
        limiter.failed("evil", f"CP-{number}", 0)

    assert limiter.is_blocked("evil", "CP-never-tried", 0)


def test_success_forgives() -> None:
    limiter = AttemptLimiter(burst=2)
    limiter.failed("home", "CP-1", 0)
    limiter.succeeded("home", "CP-1")
    limiter.failed("home", "CP-1", 0)

    assert not limiter.is_blocked("home", "CP-1", 0)


def test_memory_is_bounded() -> None:
    limiter = AttemptLimiter(burst=2, capacity=100)
    for number in range(5000):
        limiter.failed(f"10.0.{number // 256}.{number % 256}", "CP-1", number)

    assert len(limiter._buckets) <= 100


def test_a_burst_is_free_and_a_flood_is_slowed_to_the_rate() -> None:
    limiter = MessageLimiter(0, burst=5, per_second=10)

    delays = [limiter.delay(0) for _message in range(10)]

    assert delays[:5] == [0] * 5
    assert delays[5:] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])


@given(st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_whoever_waits_as_told_never_exceeds_burst_and_rate(pauses: list[float]) -> None:
    limiter = MessageLimiter(0, burst=5, per_second=10)
    now = 0.0
    for sent, pause in enumerate(pauses, start=1):
        now += pause
        now += limiter.delay(now)
        assert sent <= 5 + 10 * now + 1e-6
