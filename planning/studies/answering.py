"""From a question to its plan: a first one at once, then better ones and the proof (pure)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from planning.solving.decay import Fading, nearest, rings, shares, solve_fading
from planning.solving.median import solve_median
from planning.solving.neighbours import MOST_PAIRS as MOST_IN_REACH
from planning.solving.neighbours import TooManyPairs
from planning.solving.plan import Plan, Watch
from planning.solving.problems import GREAT_CIRCLE, Median
from planning.studies.corridor import explain_corridor, solve_corridor
from planning.studies.explaining import explain
from planning.studies.parameters import CORRIDOR, COVER, Parameters
from planning.studies.question import Answer, Place, Question, StudyRefused, Wanted
from planning.studies.trying import try_others

Tell = Callable[[str, float], None]
SOON_S = 3.0
MOST_PAIRS = 40_000_000
"""Demand times candidates and what stands, up to which least travel fits into memory."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of candidates by their names."""

    fixed: tuple[int, ...]
    forbidden: tuple[int, ...]


def answer(question: Question, watch: Watch, tell: Tell) -> Answer:
    """The best plan within the watch's time. StudyRefused when there is none, and why."""
    if question.parameters.objective == CORRIDOR:
        return _along_roads(question, watch, tell)
    check(question)
    tell("first", 0.1)
    plan = solve(question, question.wanted, watch, thorough=False)
    if question.begin:
        plan = better(question, begun(question), plan)
    watch.tell(plan.objective or 0.0, plan.bound or 0.0)
    if not watch.over and plan.gap:
        tell("proving", 0.2)
        plan = better(question, plan, solve(question, question.wanted, watch, thorough=True))
    tell("explaining", 0.8)
    chosen = plan.chosen or ()
    found = explain(question, chosen, plan)
    tell("trying", 0.9)
    return try_others(replace(question, begin=()), chosen, found, solve, watch)


def begun(question: Question) -> Plan:
    """The earlier plan as it stands; worth nothing where it breaks a limit of the question."""
    problem = fading(question, question.wanted)
    kwh, covers = question.wanted.kwh, question.parameters.objective == COVER
    sites = (*question.begin, *problem.existing)
    if not _keeps_limits(question, problem):
        return Plan((), 0.0 if covers else math.inf, question.known_bound, 0.0)
    far = shares(problem, sites) if covers else nearest(problem, sites) / 1000
    return Plan(tuple(sorted(question.begin)), float(kwh @ far), question.known_bound, 0.0)


def _keeps_limits(question: Question, problem: Fading) -> bool:
    chosen, budget = set(question.begin), question.parameters.budget
    most = question.parameters.sites
    counts = most is None or (len(chosen) <= most if budget is not None else len(chosen) == most)
    pays = budget is None or math.fsum(problem.costs[one] for one in chosen) <= budget * (1 + 1e-9)
    allowed = set(problem.fixed) <= chosen and not chosen & set(problem.forbidden)
    return counts and pays and allowed


def _along_roads(question: Question, watch: Watch, tell: Tell) -> Answer:
    tell("proving", 0.2)
    plan = solve_corridor(question, watch)
    if question.known_bound is not None and plan.bound is not None:
        bound = max(plan.objective or 0.0, min(plan.bound, question.known_bound))
        plan = replace(plan, bound=bound)
    tell("explaining", 0.8)
    chosen = plan.chosen or ()
    found = explain_corridor(question, chosen, plan)
    tell("trying", 0.9)
    return try_others(replace(question, begin=()), chosen, found, solve, watch)


def better(question: Question, first: Plan, second: Plan) -> Plan:
    """The better of two plans, with the tighter bound."""
    assert first.objective is not None
    assert second.objective is not None
    covers = question.parameters.objective == COVER
    sign = 1 if covers else -1
    best = second if sign * second.objective >= sign * first.objective else first
    bounds = [one.bound for one in (first, second) if one.bound is not None]
    bound = min(bounds) if covers else max(bounds)
    bound = max(bound, best.objective or 0.0) if covers else min(bound, best.objective or 0.0)
    return Plan(best.chosen, best.objective, bound, second.seconds)


def check(question: Question) -> None:
    """Refuse what cannot have an answer, by name."""
    parameters = question.parameters
    if not len(question.wanted.labels) or not float(question.wanted.kwh.sum()) > 0:
        raise StudyRefused("no_demand")
    if not question.candidates:
        raise StudyRefused("no_candidates")
    numbers = named(parameters, question.candidates)
    free = len(question.candidates) - len(numbers.forbidden)
    if parameters.sites is not None and parameters.sites > free:
        raise StudyRefused("too_few_candidates", asked=parameters.sites, there=free)
    if parameters.sites is not None and len(numbers.fixed) > parameters.sites:
        raise StudyRefused("too_many_fixed", fixed=len(numbers.fixed), asked=parameters.sites)
    if parameters.budget is not None:
        _check_budget(parameters, question.candidates, numbers)
    places = len(question.candidates) + len(question.existing)
    pairs = len(question.wanted.labels) * places
    if parameters.objective != COVER and pairs > MOST_PAIRS:
        raise StudyRefused("too_large", pairs=pairs, most=MOST_PAIRS)


def _check_budget(parameters: Parameters, candidates: tuple[Place, ...], numbers: Numbers) -> None:
    budget = parameters.budget or 0.0
    prices = costs(parameters, candidates)
    spent = math.fsum(prices[one] for one in numbers.fixed)
    if spent > budget:
        raise StudyRefused("fixed_over_budget", cost=spent, budget=budget)
    taken = {*numbers.fixed, *numbers.forbidden}
    free = [price for one, price in enumerate(prices) if one not in taken]
    if not numbers.fixed and free and min(free) > budget:
        raise StudyRefused("budget_too_small", cost=min(free), budget=budget)


def costs(parameters: Parameters, candidates: tuple[Place, ...]) -> tuple[float, ...]:
    """What each candidate costs."""
    return tuple(one.price(parameters.cost_per_site) for one in candidates)


def named(parameters: Parameters, candidates: tuple[Place, ...]) -> Numbers:
    """The numbers of the fixed and the forbidden ones; StudyRefused for a name nobody has."""
    places = {one.label.casefold(): number for number, one in enumerate(candidates)}
    found: dict[str, tuple[int, ...]] = {}
    for role in ("fixed", "forbidden"):
        names: tuple[str, ...] = getattr(parameters, role)
        unknown = [name for name in names if name.casefold() not in places]
        if unknown:
            raise StudyRefused("unknown_candidate", name=unknown[0])
        found[role] = tuple(sorted({places[name.casefold()] for name in names}))
    both = set(found["fixed"]) & set(found["forbidden"])
    if both:
        raise StudyRefused("fixed_and_forbidden", name=candidates[min(both)].label)
    return Numbers(found["fixed"], found["forbidden"])


def solve(question: Question, wanted: Wanted, watch: Watch, *, thorough: bool) -> Plan:
    """A plan for some demand by the question's rules."""
    if question.parameters.objective == CORRIDOR:
        return solve_corridor(question, watch)
    if question.parameters.objective == COVER:
        try:
            plan = solve_fading(fading(question, wanted), watch, thorough=thorough)
        except TooManyPairs as error:
            raise StudyRefused("too_large", most=MOST_IN_REACH) from error
    else:
        plan = _least_travel(question, wanted, watch, thorough)
    if plan.chosen is None or plan.objective is None:
        raise StudyRefused("no_plan", reason=plan.reason)
    return plan


def fading(question: Question, wanted: Wanted) -> Fading:
    """The covering problem: candidates first, then what stands."""
    parameters = question.parameters
    places = (*question.candidates, *question.existing)
    numbers = named(parameters, question.candidates)
    return Fading(
        demand=wanted.points,
        weights=tuple(wanted.kwh.tolist()),
        candidates=tuple(one.point for one in places),
        rings=rings(parameters.whole_km * 1000, parameters.last_km * 1000),
        p=parameters.sites,
        budget=parameters.budget,
        costs=costs(parameters, places),
        existing=tuple(range(len(question.candidates), len(places))),
        fixed=numbers.fixed,
        forbidden=numbers.forbidden,
        metric=GREAT_CIRCLE,
        time_limit_s=parameters.time_limit_s,
        begin=question.begin,
    )


def _least_travel(question: Question, wanted: Wanted, watch: Watch, thorough: bool) -> Plan:
    """By least travel the fixed ones are like those that stand."""
    parameters = question.parameters
    numbers = named(parameters, question.candidates)
    count = len(question.candidates)
    taken = {*numbers.fixed, *numbers.forbidden}
    free = tuple(one for one in range(count) if one not in taken)
    problem = Median(
        p=(parameters.sites or 0) - len(numbers.fixed),
        weights=tuple(wanted.kwh.tolist()),
        candidates=free,
        existing=(*numbers.fixed, *range(count, count + len(question.existing))),
        points=wanted.points,
        places=tuple(one.point for one in (*question.candidates, *question.existing)),
        metric=GREAT_CIRCLE,
        time_limit_s=parameters.time_limit_s,
        begin=tuple(at for at, one in enumerate(free) if one in set(question.begin)),
    )
    km = 1e-3
    told = replace(watch, tell=lambda found, bound: watch.tell(found * km, bound * km))
    plan = solve_median(problem, told if thorough else watch.soon(SOON_S))
    if plan.chosen is None:
        return plan
    chosen = tuple(sorted({*plan.chosen, *numbers.fixed}))
    return Plan(chosen, (plan.objective or 0) * km, (plan.bound or 0) * km, plan.seconds)
