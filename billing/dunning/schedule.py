"""What happens next to an invoice that is not paid (pure).

A ladder of steps, each some days after the due date. Days in a pause, a promise to pay or a
dispute do not count. A step waits for the grace of bank days, for the days between it and the step
before it, and for the time to pay that the step before it gave: so nobody gets two letters at once,
however late the rule is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from billing.invoices.bank_days import bank_day_from, plus_bank_days
from billing.problem import MoneyProblem

LEAST_DAYS_TO_PAY: Final = 8
_FAR: Final = 400
_DAY: Final = timedelta(days=1)
NOTHING: Final = Decimal(0)


class Step(StrEnum):
    """What can be done, mildest first."""

    REMINDER = "reminder"
    FEE_REMINDER = "fee_reminder"
    DEMAND = "demand"
    BLOCK = "block"
    HAND_OVER = "hand_over"


class State(StrEnum):
    """Where an invoice stands."""

    NOTHING_OWED = "nothing_owed"
    NOT_DUE = "not_due"
    IN_GRACE = "in_grace"
    LATE = "late"
    REMINDED = "reminded"
    DEMANDED = "demanded"
    BLOCKED = "blocked"
    HANDED_OVER = "handed_over"
    PAUSED = "paused"


_AFTER: Final = {
    Step.REMINDER: State.REMINDED,
    Step.FEE_REMINDER: State.REMINDED,
    Step.DEMAND: State.DEMANDED,
    Step.BLOCK: State.BLOCKED,
    Step.HAND_OVER: State.HANDED_OVER,
}


class PauseKind(StrEnum):
    """Why the clock stands still."""

    BY_HAND = "by_hand"
    PROMISE = "promise"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not count, both included; open without ``until_on``."""

    kind: PauseKind
    from_on: date
    until_on: date | None = None

    def __post_init__(self) -> None:
        if self.until_on is not None and self.until_on < self.from_on:
            raise MoneyProblem("pause_days", "A pause ends before it begins")
        if self.kind is PauseKind.PROMISE and self.until_on is None:
            raise MoneyProblem("promise_day", "A promise names the day of payment")

    def holds(self, day: date) -> bool:
        """Whether ``day`` lies in it."""
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class Rung:
    """A step so many counted days after the due date. ``fee_by_terms``: the fee is only asked for
    where the accepted terms say so (lag 1981:739); ``days_to_pay`` that the letter gives."""

    step: Step
    day: int
    fee: Decimal = NOTHING
    fee_by_terms: bool = False
    days_to_pay: int = 0


@dataclass(frozen=True)
class Schedule:
    """The ladder of an operator. Raises MoneyProblem for one that breaks the law or itself.

    ``business_compensation``: asked from businesses at the fee reminder instead of all fees (450
    kronor by law; nothing: off). ``least``: what is not worth a letter.
    """

    rungs: tuple[Rung, ...]
    currency: str = "SEK"
    grace_bank_days: int = 3
    least: Decimal = NOTHING
    business_compensation: Decimal = NOTHING
    country: str = "SE"

    def __post_init__(self) -> None:
        days = [rung.day for rung in self.rungs]
        steps = [rung.step for rung in self.rungs]
        if sorted(set(days)) != days or any(day < 1 for day in days):
            raise MoneyProblem("schedule_days", "Each step is later than the one before it")
        if sorted(steps, key=list(Step).index) != steps or len(set(steps)) != len(steps):
            raise MoneyProblem("schedule_order", "Steps go from mild to hard, each once")
        amounts = [self.least, self.business_compensation, *(rung.fee for rung in self.rungs)]
        if any(not amount.is_finite() or amount < 0 for amount in amounts):
            raise MoneyProblem("schedule_amount", "A fee cannot be negative")
        if self.grace_bank_days < 0:
            raise MoneyProblem("schedule_days", "The grace cannot be negative")
        demand = next((rung for rung in self.rungs if rung.step is Step.DEMAND), None)
        if demand is not None and demand.days_to_pay < LEAST_DAYS_TO_PAY:
            raise MoneyProblem("schedule_demand", "A demand gives at least 8 days to pay")
        if Step.HAND_OVER in steps and demand is None:
            raise MoneyProblem("schedule_hand_over", "A demand comes before the hand-over")


SWEDISH: Final = Schedule(
    rungs=(
        Rung(Step.REMINDER, 5),
        Rung(Step.FEE_REMINDER, 12, fee=Decimal(60), fee_by_terms=True),
        Rung(Step.DEMAND, 25, fee=Decimal(180), days_to_pay=10),
        Rung(Step.BLOCK, 36),
        Rung(Step.HAND_OVER, 45),
    )
)
"""The default: a free reminder on day 5, one with a fee on day 12, a demand on day 25."""


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken."""

    step: Step
    on: date
    pay_by: date | None = None


@dataclass(frozen=True, slots=True)
class Debt:
    """An invoice as it stands today. ``fees_agreed``: the terms that were accepted name the fee."""

    due_on: date
    owed: Decimal
    currency: str
    is_business: bool = False
    fees_agreed: bool = False
    done: tuple[Done, ...] = ()
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done today, if anything, and when something is next if nothing changes.

    ``blocks``: whether the account's tokens are to be refused for this debt.
    """

    state: State
    step: Step | None = None
    fee: Decimal = NOTHING
    pay_by: date | None = None
    next_on: date | None = None
    blocks: bool = False
    counted_days: int = 0


def decide(debt: Debt, schedule: Schedule, today: date) -> Decision:
    """The state of a debt and the step of today."""
    if debt.currency != schedule.currency:
        raise MoneyProblem("schedule_currency", f"The schedule is one for {schedule.currency}")
    counted = counted_days(debt.due_on, today, debt.pauses)
    state = _state(debt, schedule, today)
    if state in (State.NOTHING_OWED, State.HANDED_OVER):
        return Decision(state, counted_days=counted, blocks=state is State.HANDED_OVER)
    blocked = any(one.step is Step.BLOCK for one in debt.done) and state is not State.PAUSED
    rung = _next(debt, schedule)
    if rung is None:
        return Decision(state, counted_days=counted, blocks=blocked)
    if state is not State.PAUSED and _is_time(rung, debt, schedule, today):
        pay_by = None
        if rung.days_to_pay:
            pay_by = bank_day_from(today + timedelta(days=rung.days_to_pay), schedule.country)
        return Decision(
            state, rung.step, _fee(rung, debt, schedule), pay_by, today,
            blocked or rung.step is Step.BLOCK, counted,
        )  # fmt: skip
    soonest = _soonest(rung, debt, schedule, today)
    return Decision(state, next_on=soonest, blocks=blocked, counted_days=counted)


def counted_days(after: date, until_on: date, pauses: Sequence[Pause]) -> int:
    """Days after ``after`` up to ``until_on`` that lie in no pause."""
    total = 0
    day = after + _DAY
    while day <= until_on:
        holding = [pause for pause in pauses if pause.holds(day)]
        if any(pause.until_on is None for pause in holding):
            break
        ends = [pause.until_on for pause in holding if pause.until_on is not None]
        if ends:
            day = max(ends) + _DAY
            continue
        later = [pause.from_on for pause in pauses if pause.from_on > day]
        stop = min([until_on + _DAY, *later])
        total += (stop - day).days
        day = stop
    return total


def _state(debt: Debt, schedule: Schedule, today: date) -> State:
    if debt.owed <= schedule.least:
        return State.NOTHING_OWED
    if any(one.step is Step.HAND_OVER for one in debt.done):
        return State.HANDED_OVER
    if any(pause.holds(today) for pause in debt.pauses):
        return State.PAUSED
    if debt.done:
        return _AFTER[debt.done[-1].step]
    if today <= debt.due_on:
        return State.NOT_DUE
    return State.IN_GRACE if today <= _grace_end(debt, schedule) else State.LATE


def _grace_end(debt: Debt, schedule: Schedule) -> date:
    return plus_bank_days(debt.due_on, schedule.grace_bank_days, schedule.country)


def _next(debt: Debt, schedule: Schedule) -> Rung | None:
    """The first rung after the hardest step taken."""
    order = list(Step)
    taken = max((order.index(one.step) for one in debt.done), default=-1)
    return next((rung for rung in schedule.rungs if order.index(rung.step) > taken), None)


def _is_time(rung: Rung, debt: Debt, schedule: Schedule, day: date) -> bool:
    if day <= _grace_end(debt, schedule):
        return False
    if counted_days(debt.due_on, day, debt.pauses) < rung.day:
        return False
    if not debt.done:
        return True
    last = debt.done[-1]
    if last.pay_by is not None and day <= last.pay_by:
        return False
    before = next((one.day for one in schedule.rungs if one.step is last.step), rung.day - 1)
    return counted_days(last.on, day, debt.pauses) >= rung.day - before


def _soonest(rung: Rung, debt: Debt, schedule: Schedule, today: date) -> date | None:
    """The first later day on which the step is due if nothing changes; None: not in sight."""
    for ahead in range(1, _FAR):
        day = today + timedelta(days=ahead)
        paused = any(pause.holds(day) for pause in debt.pauses)
        if not paused and _is_time(rung, debt, schedule, day):
            return day
    return None


def _fee(rung: Rung, debt: Debt, schedule: Schedule) -> Decimal:
    if debt.is_business and schedule.business_compensation:
        asked = rung.step is Step.FEE_REMINDER
        return schedule.business_compensation if asked else NOTHING
    return rung.fee if debt.fees_agreed or not rung.fee_by_terms else NOTHING
