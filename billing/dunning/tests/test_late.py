"""Late interest, and what happens when to an invoice that is not paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.dunning.interest import (
    ReferenceRate,
    interest_from,
    late_interest,
    percent_on,
)
from billing.dunning.schedule import (
    SWEDISH,
    Debt,
    Decision,
    Done,
    Pause,
    PauseKind,
    Rung,
    Schedule,
    State,
    Step,
    counted_days,
    decide,
)
from billing.problem import MoneyProblem

D = Decimal
DUE = date(2026, 3, 2)  # a Monday
few = settings(max_examples=40, deadline=None)
days = st.dates(date(2019, 1, 1), date(2026, 6, 30))


def test_the_rate_is_the_reference_rate_and_eight_points() -> None:
    assert percent_on(date(2018 + 1, 6, 30)) == D("7.50")
    assert percent_on(date(2024, 12, 31)) == D("12.00")
    assert percent_on(date(2025, 1, 1)) == D("11.00")
    assert percent_on(date(2026, 6, 30)) == D("10.00")


@pytest.mark.parametrize("day", [date(2018, 12, 31), date(2026, 7, 1)])
def test_a_half_year_without_rate_is_never_guessed(day: date) -> None:
    with pytest.raises(MoneyProblem) as refused:
        percent_on(day)

    assert refused.value.code == "no_reference_rate"


def test_interest_follows_the_rate_over_the_new_year() -> None:
    found = late_interest(D(10000), "SEK", runs_after=date(2024, 12, 1), until_on=date(2025, 1, 20))

    assert [(part.days, part.percent) for part in found.parts] == [
        (30, D("12.00")),
        (20, D("11.00")),
    ]
    # 10 000 x 12 % x 30 / 365 + 10 000 x 11 % x 20 / 365 = 98.630... + 60.273...
    assert found.amount == D("158.90")


def test_a_payment_lowers_what_bears_interest_from_the_next_day() -> None:
    found = late_interest(
        D(1000),
        "SEK",
        runs_after=date(2026, 1, 31),
        until_on=date(2026, 3, 31),
        payments=[(date(2026, 2, 10), D(600)), (date(2026, 3, 1), D(500))],
    )

    assert [(part.from_on, part.days, part.principal) for part in found.parts] == [
        (date(2026, 2, 1), 10, D(1000)),
        (date(2026, 2, 11), 19, D(400)),
    ]
    # 1000 x 10 % x 10 / 365 + 400 x 10 % x 19 / 365 = 2.7397... + 2.0821...
    assert found.amount == D("4.82")


def test_nothing_late_bears_nothing() -> None:
    paid = late_interest(
        D(100), "SEK", runs_after=DUE, until_on=date(2026, 6, 1), payments=[(DUE, D(100))]
    )

    assert (paid.amount, paid.parts) == (D("0.00"), ())
    assert late_interest(D(100), "SEK", runs_after=DUE, until_on=DUE).amount == 0


def test_where_interest_starts() -> None:
    assert interest_from(DUE, agreed=True) == DUE
    assert interest_from(DUE, agreed=False) is None
    assert interest_from(DUE, agreed=False, demanded_on=DUE) == date(2026, 4, 1)
    assert interest_from(DUE, agreed=False, demanded_on=date(2026, 1, 1)) == DUE


@few
@given(first=days, gap=st.integers(0, 900), cut=st.integers(0, 900))
def test_interest_of_two_stretches_is_that_of_the_whole(first: date, gap: int, cut: int) -> None:
    last = min(first + timedelta(days=gap), date(2026, 6, 30))
    middle = min(first + timedelta(days=cut), last)

    whole = late_interest(D(777), "SEK", runs_after=first, until_on=last)
    parts = [
        late_interest(D(777), "SEK", runs_after=start, until_on=end)
        for start, end in ((first, middle), (middle, last))
    ]

    exact = [sum(part.exact for part in one.parts) for one in (whole, *parts)]
    assert exact[0] == exact[1] + exact[2]
    assert abs(whole.amount - parts[0].amount - parts[1].amount) <= D("0.01")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"principal": D(-1)}, "interest_principal"),
        ({"currency": "KR"}, "unknown_currency"),
        ({"payments": [(DUE, D(-1))]}, "interest_payment"),
        ({"until_on": date(2027, 1, 1)}, "no_reference_rate"),
    ],
)
def test_interest_that_cannot_be_is_refused(change: dict[str, Any], code: str) -> None:
    given_: dict[str, Any] = {
        "principal": D(1),
        "currency": "SEK",
        "runs_after": DUE,
        "until_on": DUE,
    } | change

    with pytest.raises(MoneyProblem) as refused:
        late_interest(given_.pop("principal"), given_.pop("currency"), **given_)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("day", "percent", "code"),
    [(date(2026, 2, 1), D(2), "rate_day"), (date(2026, 7, 1), D("NaN"), "rate_percent")],
)
def test_rates_that_cannot_be_are_refused(day: date, percent: Decimal, code: str) -> None:
    with pytest.raises(MoneyProblem) as refused:
        ReferenceRate(day, percent)

    assert refused.value.code == code


def debt(**change: Any) -> Debt:
    return replace(Debt(DUE, D(500), "SEK", fees_agreed=True), **change)


def after(days_: int) -> date:
    return DUE + timedelta(days=days_)


@pytest.mark.parametrize(
    ("day", "state", "step"),
    [
        (0, State.NOT_DUE, None),
        (3, State.IN_GRACE, None),
        (4, State.LATE, None),
        (5, State.LATE, Step.REMINDER),
        (90, State.LATE, Step.REMINDER),
    ],
)
def test_the_first_step_waits_for_its_day(day: int, state: State, step: Step | None) -> None:
    found = decide(debt(), SWEDISH, after(day))

    assert (found.state, found.step) == (state, step)


def story(subject: Debt, until: int, schedule: Schedule = SWEDISH) -> list[tuple[int, Decision]]:
    """Every step with its day, taken as soon as it is told."""
    steps = []
    for day in range(until):
        found = decide(subject, schedule, after(day))
        if found.step:
            done = Done(found.step, after(day), found.pay_by)
            subject = replace(subject, done=(*subject.done, done))
            steps.append((day, found))
    return steps


def test_the_swedish_ladder_from_due_date_to_hand_over() -> None:
    steps = story(debt(), 60)

    assert [(day, found.step, int(found.fee)) for day, found in steps] == [
        (5, Step.REMINDER, 0),
        (12, Step.FEE_REMINDER, 60),
        (25, Step.DEMAND, 180),
        (37, Step.BLOCK, 0),
        (46, Step.HAND_OVER, 0),
    ]
    assert steps[2][1].pay_by == after(36)  # ten days on would be Easter Monday
    assert [found.blocks for _day, found in steps] == [False, False, False, True, True]


def test_fees_need_terms_and_businesses_may_owe_a_compensation_instead() -> None:
    business = replace(SWEDISH, business_compensation=D(450))

    silent = story(debt(fees_agreed=False), 60)
    company = story(debt(is_business=True), 60, business)

    assert [int(found.fee) for _day, found in silent] == [0, 0, 180, 0, 0]
    assert [int(found.fee) for _day, found in company] == [0, 450, 0, 0, 0]


def test_who_is_found_late_gets_one_letter_at_a_time() -> None:
    first = decide(debt(), SWEDISH, after(100))
    sent = debt(done=(Done(Step.REMINDER, after(100)),))

    assert first.step is Step.REMINDER
    assert decide(sent, SWEDISH, after(106)) == Decision(
        State.REMINDED, next_on=after(107), counted_days=106
    )
    assert decide(sent, SWEDISH, after(107)).step is Step.FEE_REMINDER


@pytest.mark.parametrize("kind", [PauseKind.BY_HAND, PauseKind.DISPUTE])
def test_an_open_pause_stops_the_clock_and_lifts_the_block(kind: PauseKind) -> None:
    blocked = debt(done=(Done(Step.BLOCK, after(36)),))

    paused = decide(replace(blocked, pauses=(Pause(kind, after(40)),)), SWEDISH, after(80))

    assert decide(blocked, SWEDISH, after(40)).blocks
    assert paused == Decision(State.PAUSED, counted_days=39)


def test_a_broken_promise_goes_on_where_it_stood() -> None:
    promised = debt(pauses=(Pause(PauseKind.PROMISE, after(4), after(13)),))

    assert decide(promised, SWEDISH, after(10)) == Decision(
        State.PAUSED, next_on=after(15), counted_days=3
    )
    assert [day for day, _found in story(promised, 70)] == [15, 22, 35, 46, 55]


def test_a_paid_or_tiny_debt_gets_no_letter_and_is_not_blocked() -> None:
    for owed, schedule in ((D(0), SWEDISH), (D(20), replace(SWEDISH, least=D(20)))):
        paid = debt(owed=owed, done=(Done(Step.BLOCK, after(36)),))

        assert decide(paid, schedule, after(50)) == Decision(State.NOTHING_OWED, counted_days=50)


@few
@given(
    spans=st.lists(st.tuples(st.integers(-5, 60), st.integers(0, 20)), max_size=5),
    until=st.integers(-3, 80),
)
def test_counted_days_are_those_in_no_pause(spans: list[tuple[int, int]], until: int) -> None:
    pauses = [
        Pause(PauseKind.BY_HAND, after(start), after(start + length)) for start, length in spans
    ]

    simple = sum(
        not any(pause.holds(after(day)) for pause in pauses) for day in range(1, until + 1)
    )

    assert counted_days(DUE, after(until), pauses) == simple


@pytest.mark.parametrize(
    ("rungs", "code"),
    [
        ((Rung(Step.REMINDER, 5), Rung(Step.FEE_REMINDER, 5)), "schedule_days"),
        ((Rung(Step.REMINDER, 0),), "schedule_days"),
        ((Rung(Step.DEMAND, 5, days_to_pay=8), Rung(Step.REMINDER, 9)), "schedule_order"),
        ((Rung(Step.REMINDER, 5, fee=D(-1)),), "schedule_amount"),
        ((Rung(Step.DEMAND, 25, days_to_pay=7),), "schedule_demand"),
        ((Rung(Step.HAND_OVER, 25),), "schedule_hand_over"),
    ],
)
def test_a_ladder_that_breaks_the_law_is_refused(rungs: tuple[Rung, ...], code: str) -> None:
    with pytest.raises(MoneyProblem) as refused:
        Schedule(rungs)

    assert refused.value.code == code


def test_pauses_and_currencies_that_cannot_be_are_refused() -> None:
    for make, code in (
        (lambda: Pause(PauseKind.PROMISE, DUE), "promise_day"),
        (lambda: Pause(PauseKind.BY_HAND, DUE, after(-1)), "pause_days"),
        (lambda: decide(debt(currency="EUR"), SWEDISH, DUE), "schedule_currency"),
    ):
        with pytest.raises(MoneyProblem) as refused:
            make()
        assert refused.value.code == code
