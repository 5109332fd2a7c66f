"""Which sites stay in the plan when assumptions change (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from planning.solving.plan import Plan, Watch
from planning.studies.question import Answer, Question, StudyRefused, Wanted

TRIAL_S = 5.0
FARTHER, NEARER, ALONE = "farther", "nearer", "alone"


class Solve(Protocol):
    """A plan for a question with some demand."""

    def __call__(self, question: Question, wanted: Wanted, watch: Watch, *, thorough: bool) -> Plan:
        """The plan."""
        ...


def try_others(
    question: Question, chosen: Sequence[int], found: Answer, solve: Solve, watch: Watch
) -> Answer:
    """The answer with a trial for each other assumption: which of its sites are chosen again.

    Each trial takes a first plan without proof; none begins after a cancel.
    """
    trials: list[dict[str, Any]] = []
    labels = (
        tuple(one.label for one in question.candidates)
        if question.roads is None
        else tuple(_place_name(question, name) for name in question.roads.names)
    )
    for name, make in _others(question).items():
        if watch.cancelled():
            break
        other, wanted = make()
        try:
            trial = Watch(TRIAL_S, watch.cancelled, seed=watch.seed)
            again = set(solve(other, wanted, trial, thorough=False).chosen or ())
        except StudyRefused as refusal:
            if refusal.code == "too_large":
                continue  # that nobody could try it tells nothing of the sites
            again = set()
        kept = [labels[one] for one in chosen if one in again]
        new = [labels[one] for one in sorted(again - set(chosen))]
        trials.append({"name": name, "kept": kept, "new": new})
    return replace(found, trials=trials)


def _others(question: Question) -> dict[str, Callable[[], tuple[Question, Wanted]]]:
    """By name: a question and its demand, made when they are tried."""
    parameters, wanted = question.parameters, question.wanted

    def reaching(factor: float) -> Callable[[], tuple[Question, Wanted]]:
        far = replace(
            parameters,
            range_km=parameters.range_km * factor,
            whole_km=parameters.whole_km * factor,
            last_km=parameters.last_km * factor,
        )
        return lambda: (replace(question, parameters=far), wanted)

    tried = {FARTHER: reaching(1.25), NEARER: reaching(0.75)}
    if question.existing:
        tried[ALONE] = lambda: (replace(question, existing=()), wanted)
    if question.roads is not None:
        return tried
    for name, make in question.under.items():
        tried[name] = _other_demand(question, make)
    return tried


def _place_name(question: Question, name: str) -> str:
    """A candidate of the same name is written as in its layer."""
    known = {one.label.casefold(): one.label for one in question.candidates}
    return known.get(name.casefold(), name)


def _other_demand(
    question: Question, make: Callable[[], Wanted]
) -> Callable[[], tuple[Question, Wanted]]:
    return lambda: (question, make())
