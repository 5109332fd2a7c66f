"""What a host earns, by worked figures and by properties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from billing.settlement.periods import Held, due_spans
from billing.settlement.statement_rule import (
    Carried,
    Direction,
    Facts,
    Kind,
    MonthCost,
    Term,
    Terms,
    Usage,
    settle_period,
)

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
LAST = date(2026, 6, 30)


def term(kind: Kind, rate: str, id: int = 1, direction: Direction = "to_host") -> Term:
    return Term(id=id, kind=kind, direction=direction, rate=Decimal(rate))


def terms(
    *lines: Term, start: date = MAY, until: date | None = None, station: int | None = None
) -> Terms:
    return Terms(from_on=start, until_on=until, terms=lines, station_id=station)


def used(net: str, *, on: date = date(2026, 6, 10), station: int = 1, kwh: str = "20",
         idle: str = "0", late: bool = False) -> Usage:  # fmt: skip
    return Usage(
        on=on, station_id=station, energy_wh=Decimal(kwh) * 1000, sessions=1,
        energy_net=Decimal(net), net=Decimal(net) + Decimal(idle), is_late=late,
    )  # fmt: skip


def facts(*own: Terms, usages: list[Usage] = [], costs: list[MonthCost] = [],  # noqa: B006 - only read
          carried: list[Carried] = []) -> Facts:  # noqa: B006 - only read  # fmt: skip
    return Facts(
        currency="SEK", from_on=JUNE, until_on=LAST, terms=own, usages=usages, costs=costs,
        carried=carried,
    )  # fmt: skip


def test_every_kind_of_term_counts_what_it_says() -> None:
    own = terms(
        term("share_energy", "70", 1), term("share_all", "10", 2), term("per_kwh", "0.25", 3),
        term("per_session", "1.5", 4), term("per_month", "300", 5, "to_operator"),
        term("energy_cost", "100", 6),
    )  # fmt: skip

    found = settle_period(
        facts(
            own,
            usages=[used("4000", idle="200"), used("4000")],
            costs=[MonthCost(month=JUNE, net=Decimal("1234.56"))],
        )
    )

    amounts = [line.amount for line in found.lines]
    assert amounts == [Decimal(one) for one in (
        "5600.00", "820.00", "10.00", "3.00", "300.00", "1234.56",
    )]  # fmt: skip
    assert found.to_host == Decimal("7667.56")
    assert found.to_operator == Decimal("300.00")


def test_terms_that_begin_within_the_month_count_by_the_day_and_those_of_a_station_stand_in() -> (
    None
):
    old = terms(term("per_month", "300", 1), term("share_energy", "50", 2), until=date(2026, 6, 15))
    new = terms(term("per_month", "100", 3), term("share_energy", "60", 4), start=date(2026, 6, 16))
    own = terms(term("share_energy", "10", 5), station=9)

    found = settle_period(
        facts(
            old,
            new,
            own,
            usages=[
                used("100", on=date(2026, 6, 15)),
                used("100", on=date(2026, 6, 16)),
                used("100", station=9),
            ],
        )
    )

    assert {line.term_id: line.amount for line in found.lines} == {
        1: Decimal("150.00"), 2: Decimal("50.00"), 3: Decimal("50.00"), 4: Decimal("60.00"),
        5: Decimal("10.00"),
    }  # fmt: skip


def test_late_facts_and_what_is_carried_over_have_lines_of_their_own() -> None:
    own = terms(term("share_energy", "70"))

    found = settle_period(
        facts(
            own,
            usages=[used("10"), used("-20", on=date(2026, 5, 9), late=True)],
            carried=[Carried(7, Decimal("-3.50"), Decimal(25))],
        )
    )

    assert [(line.kind, line.is_late, line.amount) for line in found.lines] == [
        ("carried", True, Decimal("-3.50")),
        ("share_energy", False, Decimal("7.00")),
        ("share_energy", True, Decimal("-14.00")),
    ]
    assert found.to_host == Decimal("-10.50")


nets = st.decimals("-500", "5000", places=4)


@given(st.lists(nets, max_size=12), st.decimals("0.01", "100", places=2), st.randoms())
def test_order_does_not_matter_and_each_line_is_rounded_once(
    amounts: list[Decimal], rate: Decimal, random: Random
) -> None:
    own = terms(term("share_energy", str(rate)))
    usages = [used(str(one)) for one in amounts]
    shuffled = list(usages)
    random.shuffle(shuffled)

    one, other = (settle_period(facts(own, usages=rows)) for rows in (usages, shuffled))

    assert one == other
    exact = sum(amounts, Decimal()) * rate / 100
    assert abs(one.to_host - exact) <= Decimal("0.005")
    assert one.to_host + one.to_operator == sum((line.amount for line in one.lines), Decimal())


@given(st.integers(0, 400), st.integers(0, 200), st.booleans())
def test_periods_follow_each_other_without_gap_or_overlap(
    length: int, ahead: int, quarterly: bool
) -> None:
    end = JUNE + timedelta(days=length)
    today = JUNE + timedelta(days=ahead)
    held = [Held(1, None, end), Held(2, end + timedelta(days=1), None)]

    spans = list(
        due_spans(
            held, lambda _day: "quarter" if quarterly else "month", begins_on=JUNE,
            settled_until_on=None, today=today,
        )
    )  # fmt: skip

    first = JUNE
    for span in spans:
        assert span.from_on == first
        assert span.from_on <= span.until_on < today
        first = span.until_on + timedelta(days=1)
