"""From what a station said to what is billed: registers, ends, clocks and units gone wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rating.engine import rate
from billing.rating.session_facts import NotRateable, facts_of
from billing.rating.tests.building import element, price, tariff
from billing.tariffs.model import Tariff
from stations.hardware.models import Station
from stations.hardware.quirks import Quirks
from stations.sessions.context import SessionContext, StatusPoint
from stations.sessions.facts import Fact
from stations.sessions.models import Session
from stations.sessions.reconcile import SessionTruth, held_codes
from stations.sessions.stored import encode
from stations.sessions.tests.stories import at, sample, start, stop, values
from stations.sessions.truths import find_truths
from stations.sites.models import Site

A = tariff(element(price("ENERGY", "4.00", "25")))
IDLE = tariff(
    element(price("ENERGY", "4.00", "25"), price("PARKING_TIME", "120", "25")),
    extras={"idle": {"grace_seconds": 900}},
)
PLAIN = SessionContext()
AC_22 = SessionContext(max_power_w=Decimal(22_000))
BY_CLOCK = tariff(  # stories begin at ten in Stockholm
    element(price("ENERGY", "4.00", "25"), end_time="12:00"), element(price("ENERGY", "5.00", "25"))
)


def truths(
    *facts: Fact, context: SessionContext = PLAIN, now: datetime | None = None
) -> list[SessionTruth]:
    return [truth for _group, truth in find_truths(facts, {"CP1": context}, now).sessions]


def cost(truth: SessionTruth, priced: Tariff = A) -> Decimal | str:
    """Net, or why there is no price."""
    stored = Session(
        station=Station(site=Site(time_zone="Europe/Stockholm")),
        started_at=truth.started_at,
        stopped_at=truth.stopped_at,
        energy_wh=truth.energy_wh,
        intervals=encode(truth),
    )
    try:
        return rate(priced, facts_of(stored)).net
    except NotRateable as reason:
        return reason.code


@pytest.mark.parametrize(
    ("facts", "around", "net", "codes", "is_held"),
    [
        (  # 1: stop below start, no samples
            (start(0, 10_000), stop(60, 9_500)),
            *(PLAIN, "energy_unknown", {"meter_stop_not_credible"}, True),
        ),
        (  # 2: the meter was reset in the session
            (start(0, 10_000), values(20, 12_000), values(40, 0), stop(60, 3_000)),
            *(PLAIN, "20.00", {"register_reset"}, True),
        ),
        (  # 3: rollover of a register that is known to end at 1 000 000 kWh, and of one that is not
            (start(0, 999_998_000), stop(60, 4_000)),
            SessionContext(quirks=Quirks(register_modulus_wh=Decimal(1_000_000_000))),
            *("24.00", {"register_rollover"}, False),
        ),
        (
            (start(0, 999_998_000), stop(60, 4_000)),
            *(PLAIN, "energy_unknown", {"meter_stop_not_credible"}, True),
        ),
        (  # 8: a second stop with another register
            (start(0, 10_000), stop(60, 20_000), stop(90, 25_000)),
            *(PLAIN, "40.00", {"stop_conflict"}, True),
        ),
        (  # 9: the same stop again
            (start(0, 10_000), stop(60, 20_000), stop(60, 20_000)),
            *(PLAIN, "40.00", set(), False),
        ),
        (  # 40: 100 kWh in ten minutes at 22 kW
            (start(0, 10_000), values(5, 11_000), stop(15, 111_000)),
            *(AC_22, "4.00", {"impossible_power"}, True),
        ),
        (
            (start(0, 10_000), stop(10, 110_000)),
            *(AC_22, "energy_unknown", {"impossible_power"}, True),
        ),
    ],
)
def test_registers_that_cannot_be(
    facts: tuple[Fact, ...], around: SessionContext, net: str, codes: set[str], is_held: bool
) -> None:
    [truth] = truths(*facts, context=around)

    price_or_why = cost(truth)
    assert price_or_why == (Decimal(net) if net[0].isdigit() else net)
    assert codes <= {one.code for one in truth.findings}
    assert truth.is_held is is_held


SHUFFLED = [start(0, 1000), *(values(n, 1000 + 137 * n) for n in range(10, 60, 10)), stop(60, 9220)]


@settings(max_examples=30, deadline=None)
@given(chance=st.randoms(use_true_random=False), more=st.lists(st.sampled_from(SHUFFLED)))
def test_order_and_repeats_never_change_the_amount(chance: Random, more: list[Fact]) -> None:
    told = [*SHUFFLED, *more]
    chance.shuffle(told)

    [truth] = truths(*told)

    assert cost(truth, BY_CLOCK) == Decimal("32.88")


def test_stop_that_never_comes_and_then_comes_late() -> None:
    """6 and 7a: closed by the free connector at the last sample, and priced anew by the stop."""
    told = (start(0, 0), values(120, 7_200))
    context = replace(
        PLAIN,
        statuses=tuple(
            StatusPoint(at=at(n), status=one) for n, one in ((0, "Charging"), (140, "Available"))
        ),
        connector_free_at=at(140),
    )  # fmt: skip

    [closed] = truths(*told, context=context, now=at(160))
    [ended] = truths(*told, stop(130, 8_000), context=context, now=at(160))

    assert (closed.state, closed.stopped_at) == ("end_missing", at(120))
    assert (cost(closed, IDLE), held_codes(closed.findings)) == (Decimal("28.80"), ("end_missing",))
    assert (cost(ended, IDLE), ended.is_held) == (Decimal("32.00"), False)


@pytest.mark.parametrize("number", ["-1", "0"])
def test_stop_of_no_transaction_is_matched_once_and_an_unknown_one_waits(number: str) -> None:
    """10: one open session fits the first; nothing fits the second, so it has no price."""
    end: dict[str, Any] = {"transaction": number, "id_token": "TAG1"}

    [matched] = truths(start(0, 10_000), stop(60, 20_000, **end), stop(60, 20_000, **end))
    [strange] = truths(stop(60, 20_000, transaction="99", id_token="TAG1"))

    assert (cost(matched), matched.is_held) == (Decimal("40.00"), False)
    assert "stop_matched_by_rule" in {one.code for one in matched.findings}
    assert (cost(strange), strange.is_held) == ("start_unknown", True)


def clocked(told: Fact, arrived: float, stamp: datetime | None) -> Fact:
    """The fact as a station with a wrong clock sends it."""
    return replace(told, at=stamp, at_raw=str(stamp), arrived_at=at(arrived) + timedelta(seconds=1))


def test_clocks_that_are_wrong_never_choose_the_price() -> None:
    """11: 1970 gives way to the arrival and is looked at; three hours ahead are taken off."""
    ahead = timedelta(hours=3)
    begin, end = start(125, 10_000), stop(185, 20_000)  # after noon: 5.00

    [unset] = truths(clocked(begin, 125, None), clocked(end, 185, None))
    [early] = truths(
        *(clocked(one, n, at(n) + ahead) for one, n in ((start(0, 0), 0), (stop(60, 10_000), 60)))
    )

    assert (cost(unset, BY_CLOCK), "clock_unusable" in held_codes(unset.findings)) == (
        Decimal("50.00"), True,
    )  # fmt: skip
    assert (early.started_at, cost(early, BY_CLOCK)) == (at(0), Decimal("40.00"))
    assert {one.code for one in early.findings} == {"clock_drift"}


def test_queued_messages_are_priced_by_their_own_time_and_old_ones_are_looked_at() -> None:
    """12: told two hours late, and dated a year and more before."""
    told = [(start(30, 10_000), at(30)), (stop(90, 20_000), at(90))]
    year = timedelta(days=400)

    [queued] = truths(*(clocked(one, 240, stamp) for one, stamp in told))
    [ancient] = truths(
        *(clocked(one, 240 + n, stamp - year) for n, (one, stamp) in enumerate(told))
    )

    assert (cost(queued, BY_CLOCK), queued.is_held) == (Decimal("40.00"), False)
    assert {one.code for one in queued.findings} == {"delivered_late"}
    assert ancient.is_held


def test_units_are_those_that_are_named_and_watt_hours_else() -> None:
    """39: 12.345 kWh and 12345."""
    told = [
        (start(0, 0), values(30, sample("12.345", unit="kWh")), stop(60, 12_345)),
        (start(0, 0), values(30, sample("12345")), stop(60, 12_345)),
    ]

    found = [truth for facts in told for truth in truths(*facts)]

    assert [(one.energy_wh, one.curve[1].register_wh, cost(one)) for one in found] == [
        (Decimal(12_345), Decimal(12_345), Decimal("49.38"))
    ] * 2
