"""A study that its time limit cut off goes on from the plan it had."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from core.accounts.models import Operator
from core.errors import RuleViolation
from core.tenancy.scopes import operator_scope
from planning.solving.decay import Fading, rings, solve_fading
from planning.solving.median import solve_median
from planning.solving.plan import Watch
from planning.solving.problems import GREAT_CIRCLE, Median
from planning.studies import services
from planning.studies.models import Study
from planning.studies.tests.asking import SPOTS, TOWNS, asked, client_of, layer_of, run

pytestmark = pytest.mark.django_db


def cut_off(study: Study, gap: float = 0.5) -> Study:
    """As a time limit leaves it: a plan that may not be the best."""
    with operator_scope(study.operator):
        study.result["seconds"] = study.parameters["time_limit_s"]
        Study.objects.filter(pk=study.pk).update(gap=gap, result=study.result)
        study.refresh_from_db()
    return study


@pytest.fixture
def study(operator: Operator) -> Study:
    layers = {
        "demand": [layer_of(operator, "vehicles", TOWNS)],
        "candidates": [layer_of(operator, "candidates", SPOTS)],
    }
    return run(asked(operator, layers))


def test_it_goes_on_keeps_the_better_and_says_so(operator: Operator, study: Study) -> None:
    client = client_of(operator)
    here = reverse("study_detail", args=[study.public_id])
    go_on = reverse("study_go_on", args=[study.public_id])
    assert go_on not in client.get(here).content.decode()
    with operator_scope(operator):
        best = study.objective_value
        assert best is not None
        study.sites.filter(rank=2).update(label="Hamnen")
        Study.objects.filter(pk=study.pk).update(objective_value=best - 1, bound=best * 2)
        study.refresh_from_db()
    cut_off(study)

    assert go_on in client.get(here).content.decode()
    sent = client.post(go_on, {"time_limit_s": "30"})
    with operator_scope(operator):
        later = Study.objects.get(follows=study)
    run(later)
    page = client.get(sent["Location"]).content.decode()

    assert later.parameters["goes_on_from"] == ["Torget", "Hamnen"]
    assert (later.version, later.parameters["time_limit_s"]) == (2, 30)
    assert (later.state, later.gap) == ("done", 0)
    assert later.objective_value == pytest.approx(best)
    assert later.input_sha256 == study.input_sha256
    assert "found a better one" in page
    assert "Gap to the best possible: 50" in page


@pytest.mark.parametrize("objective", ["travel", "cover"])
def test_over_the_api_with_no_better_plan(operator: Operator, study: Study, objective: str) -> None:
    layers = services._layers_of
    with operator_scope(operator):
        kept = layers(study)
    done = run(asked(operator, kept, objective=objective))
    client = client_of(operator)
    where = f"/api/v1/studies/{done.public_id}/go-on/"

    refused = client.post(where, {}, content_type="application/json")
    cut_off(done)
    told = client.get(f"/api/v1/studies/{done.public_id}/").json()
    made = client.post(where, {}, content_type="application/json")
    with operator_scope(operator):
        later = run(Study.objects.get(public_id=made.json()["id"]))

    assert refused.status_code == 409
    assert told["is_cut_off"] is True
    assert made.json()["parameters"]["time_limit_s"] == 40
    assert later.objective_value == pytest.approx(done.objective_value)
    assert later.gap == 0
    page = client.get(reverse("study_detail", args=[later.public_id])).content.decode()
    assert "found none that is better" in page
    with operator_scope(operator), pytest.raises(RuleViolation):
        services.go_on(study=later)


def random_points(count: int, seed: int) -> tuple[tuple[float, float], ...]:
    made = random.Random(seed)
    return tuple((made.uniform(12, 18), made.uniform(56, 60)) for _ in range(count))


def no_time() -> Watch:
    return Watch(0.0)


@pytest.mark.parametrize("money", [{"p": 5}, {"budget": 5.0, "costs": (1.0,) * 60}])
def test_without_time_the_plan_is_never_worse_than_the_one_before(money: dict[str, Any]) -> None:
    demand, places = random_points(200, 1), random_points(60, 2)
    problem = Fading(demand, (1.0,) * 200, places, rings(20_000, 60_000), **money)
    best = solve_fading(problem, Watch(20))
    assert best.chosen is not None

    again = solve_fading(replace(problem, begin=best.chosen), no_time())

    assert again.objective == pytest.approx(best.objective)
    median = Median(
        p=5, weights=(1.0,) * 200, candidates=tuple(range(60)), existing=(), points=demand,
        places=places, metric=GREAT_CIRCLE,
    )  # fmt: skip
    least = solve_median(median, Watch(20))
    assert least.chosen is not None
    kept = solve_median(replace(median, begin=least.chosen), no_time())
    assert kept.objective == pytest.approx(least.objective)
