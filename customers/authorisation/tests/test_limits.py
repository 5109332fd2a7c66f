"""The pure rule of limits: the tightest of token, driver and company wins, and is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from customers.authorisation.limits import Limits, Moment, Refusal, refusal
from customers.limits.hours import parse_text, read_windows
from customers.limits.usage import Level, Use

NOON = datetime(2026, 5, 20, 12, 0)  # noqa: DTZ001 - a clock at the site
HERE = Moment(site_id=1, local=NOON, is_start=True)
LEVELS: tuple[Level, ...] = ("token", "driver", "company")
NUMBERS = st.none() | st.integers(0, 5)


def limits(level: Level, **values: Any) -> Limits:
    return Limits(level=level, **values)


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=3),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=3),
    st.booleans(),
)
def test_accepted_exactly_when_every_level_accepts(
    wanted: list[tuple[int | None, int | None]], used: list[tuple[int, int]], is_start: bool
) -> None:
    levels = [
        limits(level, max_concurrent_sessions=sessions, max_energy_wh_per_month=energy)
        for level, (sessions, energy) in zip(LEVELS, wanted, strict=True)
    ]
    use = {level: Use(*one) for level, one in zip(LEVELS, used, strict=True)}
    moment = Moment(site_id=1, local=NOON, is_start=is_start)

    together = refusal(levels, moment, use)
    alone = [refusal([one], moment, use) for one in levels]

    assert (together is None) == all(one is None for one in alone)
    if together is not None:
        same = [one for one in alone if one is not None and one.code == together.code]
        assert together.limit == min(one.limit or 0 for one in same)
        assert together in alone


def test_the_tightest_level_is_named_with_what_is_used() -> None:
    levels = [
        limits("token", max_energy_wh_per_month=50_000),
        limits("driver", max_energy_wh_per_month=20_000),
        limits("company", max_energy_wh_per_month=900_000),
    ]
    use: dict[Level, Use] = {
        "token": Use(0, 60_000),
        "driver": Use(0, 60_000),
        "company": Use(0, 800_000),
    }

    assert refusal(levels, HERE, use) == Refusal("energy_limit", "driver", 20_000, 60_000)


def test_place_and_hours_need_no_use() -> None:
    elsewhere = limits("company", allowed_site_ids=frozenset({2, 3}))
    at_night = limits("driver", allowed_hours=read_windows(parse_text("22:00-06:00")))

    assert refusal([elsewhere], HERE) == Refusal("site_not_allowed", "company")
    assert refusal([at_night], HERE) == Refusal("outside_hours", "driver")
    assert refusal([limits("token", allowed_site_ids=frozenset({1}))], HERE) is None


def test_sessions_at_once_count_at_a_start_alone() -> None:
    one = [limits("token", max_concurrent_sessions=1)]
    use: dict[Level, Use] = {"token": Use(1, 0)}

    assert refusal(one, HERE, use) == Refusal("concurrent_sessions", "token", 1, 1)
    assert refusal(one, Moment(site_id=1, local=NOON, is_start=False), use) is None
