"""A study from its question to a planned site; cancelled, cut off, impossible."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from core.accounts.models import Operator
from core.accounts.permissions import Role
from core.errors import InvalidInput, RuleViolation
from core.tenancy.scopes import across_operators, operator_scope
from planning.layers.facts import Spot
from planning.layers.models import Layer
from planning.solving.plan import Plan, Watch
from planning.solving.problems import Median
from planning.studies import answering, loading, running, services
from planning.studies.models import Study
from planning.studies.tests.asking import SPOTS, asked, client_of, layer_of, run
from planning.studies.words import failure_text
from stations.hardware.models import StationLink
from stations.sites.models import Site
from tests.factories.core import make_person
from tests.factories.planning import make_layer
from tests.factories.stations import make_site, make_station

pytestmark = pytest.mark.django_db


def test_the_plan_is_ranked_explained_and_can_be_made_again(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    study, again = run(asked(operator, layers)), run(asked(operator, layers))

    assert (study.state, study.gap, study.share) == ("done", 0, 1)
    assert study.objective_value == study.bound
    assert study.input_sha256 == again.input_sha256 != ""
    with operator_scope(operator):
        first, second = study.sites.order_by("rank")
        assert [site.label for site in again.sites.order_by("rank")] == ["Torget", "Macken"]
    assert (first.label, second.label) == ("Torget", "Macken")
    assert first.figures["neighbours"][0]["label"] == "Rondellen"
    assert first.figures["neighbours"][0]["loses_kwh"] > 0
    assert first.figures["worth"]["evses"] >= 1
    assert set(first.figures["worth"]["money"]) == {"low", "middle", "high"}
    assert first.figures["stays"]["of"] == len(study.result["trials"]) >= 6
    reached = study.result["after_kwh"] - study.result["before_kwh"]
    assert first.adds_kwh + second.adds_kwh == pytest.approx(reached)
    assert study.result["unserved"][0]["label"] == "Soder"


def test_fixed_forbidden_and_standing_sites_count(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    stands = {**layers, "existing": [layer_of(operator, "existing_stations", [SPOTS[2]])]}

    study = run(asked(operator, stands, fixed=("hamnen",), forbidden=("Torget",)))
    travel = run(asked(operator, layers, objective="travel"))

    with operator_scope(operator):
        labels = {site.label for site in study.sites.all()}
        assert {site.label for site in travel.sites.all()} == {"Torget", "Macken"}
    assert labels == {"Hamnen", "Rondellen"}
    assert study.result["before_kwh"] > 0
    assert travel.result["after_km"] < 60


def test_a_planned_site_stands_only_when_a_station_has_connected(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    today = timezone.localdate()
    study = run(asked(operator, layers))
    make_site(operator=operator, name="Old", latitude=57, longitude=13)
    make_site(
        operator=operator, name="Later", latitude=57, longitude=14,
        commissioned_on=today + timedelta(days=1),
    )  # fmt: skip

    with operator_scope(operator):
        site = services.plan_site(chosen=study.sites.order_by("rank")[0])
        before = [one.label for one in loading.own_sites(today)]
        station = make_station(site=site)
        StationLink.objects.filter(station=station).update(last_seen_at=timezone.now())
        after = [one.label for one in loading.own_sites(today)]

    assert before == ["Old"]
    assert after == ["Old", "Torget"]


@pytest.mark.parametrize("field", ["follows", "demand_model"])
def test_an_unknown_id_in_a_question_is_named(
    operator: Operator, layers: dict[str, list[Layer]], field: str
) -> None:
    client = Client()
    client.force_login(make_person(operator=operator, role=Role.OWNER))
    body = {"name": "S", "demand": [layers["demand"][0].public_id], field: "stu_missing"}

    answer = client.post("/api/v1/studies/", body, content_type="application/json")

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/{field}"]


def test_least_travel_is_told_in_the_same_unit_while_it_runs(
    operator: Operator, layers: dict[str, list[Layer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(_problem: Median, watch: Watch) -> Plan:
        watch.tell(5_000.0, 4_000.0)
        seeds.append(watch.seed)
        return Plan((0, 1), 5_000.0, 4_000.0, 0.1)

    seeds: list[int] = []
    heard: list[tuple[float, float]] = []
    monkeypatch.setattr(answering, "solve_median", told)
    with operator_scope(operator):
        question = loading.question_of(asked(operator, layers, objective="travel"))

    watch = Watch(5, tell=lambda found, bound: heard.append((found, bound)), seed=7)
    plan = answering.solve(question, question.wanted, watch, thorough=True)
    answering.solve(question, question.wanted, watch, thorough=False)

    assert (plan.objective, plan.bound) == (5, 4)
    assert heard == [(5, 4)]
    assert seeds == [7, 7]


def test_what_a_candidates_row_tells_counts_before_the_assumptions(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    told = {"site_cost": 100_000, "connection_cost": 50_000, "capacity_kw": 60}
    spots = [Spot(17.0, 59.0, 1, "Torget", told), Spot(17.8, 59.4, 1, "Macken")]
    rows = make_layer(operator=operator, kind="candidates", spots=spots)

    study = run(asked(operator, {**layers, "candidates": [rows]}, sites=None, budget=160_000.0))

    with operator_scope(operator):
        site = study.sites.get()
    worth = site.figures["worth"]
    assert site.label == "Torget"
    assert worth["grid_limit_kw"] == 60
    assert worth["money"]["middle"]["invested"] == str(150_000 + 450_000 * worth["evses"])


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"sites": None, "budget": 10.0}, "budget_too_small", "too small for anything"),
        ({"sites": 9}, "too_few_candidates", "9 sites are asked for, and 4 candidates"),
        ({"fixed": ("Nowhere",)}, "unknown_candidate", "No candidate is called “Nowhere”"),
        ({"assumptions": {"ev_share": 0, "without_parking": 0}}, "no_demand", "ask for no energy"),
    ],
)
def test_what_cannot_be_answered_says_why(
    operator: Operator,
    layers: dict[str, list[Layer]],
    changes: dict[str, Any],
    code: str,
    words: str,
) -> None:
    study = run(asked(operator, layers, **changes))

    assert (study.state, study.failure) == ("failed", code)
    with translation.override("en"):
        assert words in failure_text(study)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sites": None}, "no_limit"),
        ({"whole_km": 5.0, "last_km": 1.0}, "distances"),
        ({"captured": 0.0}, "figure"),
        ({"whole_min": 10.0}, "minutes"),
        ({"whole_min": 30.0, "last_min": 10.0}, "distances"),
        ({"detour": 0.5}, "detour"),
        ({"price_per_kwh": float("nan")}, "figure"),
        ({"growth": 1e300}, "figure"),
        ({"assumptions": {"ev_share": 7}}, "assumption"),
        ({"objective": "travel", "budget": 5.0}, "needs_sites"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    operator: Operator, layers: dict[str, list[Layer]], changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        asked(operator, layers, **changes)

    assert refusal.value.code == code
    with operator_scope(operator):
        assert not Study.objects.exists()


def test_cancelled_before_and_while_it_runs(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    waiting, held = asked(operator, layers), asked(operator, layers)
    with across_operators("as the task does"):
        services.cancel_study(study=waiting)
        taken = running.take(held.pk)
        assert taken is not None
        services.cancel_study(study=held)
        running.work(taken)
        states = {one.pk: one.state for one in Study.objects.all()}

        assert states == {waiting.pk: "cancelled", held.pk: "cancelled"}
        with pytest.raises(RuleViolation):
            services.cancel_study(study=held)


def test_what_a_killed_worker_left_is_taken_again_thrice_at_most(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    study, other = asked(operator, layers), asked(operator, layers)
    with across_operators("as the task does"):
        for _turn in range(3):
            assert running.take(study.pk) is not None
            assert running.take(study.pk) is None
            assert running.take(other.pk) is None
            past = timezone.now() - timedelta(seconds=1)
            Study.objects.filter(pk=study.pk).update(held_until_at=past)
        assert running.take(study.pk) is None
        study.refresh_from_db()
        assert (study.state, study.failure) == ("failed", "worker_lost")
        assert running.run_next()
        other.refresh_from_db()
    assert other.state == "done"


def test_asked_on_the_page_followed_exported_and_planned(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    client = client_of(operator)
    page = client.get(reverse("study_create"))
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {
        "name": "Next", "sites": "2", "sites_per_year": "1", "whole_km": "3", "last_km": "10",
        "demand": [layers["demand"][0].pk], "candidates": [layers["candidates"][0].pk],
    }  # fmt: skip

    sent = client.post(reverse("study_create"), data)

    assert sent.status_code == 302, sent.context["form"].errors
    with operator_scope(operator):
        study = Study.objects.get()
    assert study.parameters["captured"] == 0.3
    assert b"every 2s" in client.get(sent["Location"]).content
    run(study)
    shown = client.get(sent["Location"])
    assert b"every 2s" not in shown.content
    assert b"Rondellen" in shown.content
    text = client.get(reverse("study_csv", args=[study.public_id])).content.decode("utf-8-sig")
    assert [row["name"] for row in csv.DictReader(io.StringIO(text))] == ["Torget", "Macken"]
    file = json.loads(client.get(reverse("study_geojson", args=[study.public_id])).content)
    roles = [one["properties"]["role"] for one in file["features"]]
    assert roles[:2] == ["site", "site"]
    assert roles.count("unserved") == 2
    plan = reverse("study_plan_site", args=[study.public_id, 1])
    with operator_scope(operator):
        sites = Site.objects.count()
        assert client.post(plan).status_code == 302
        site = Site.objects.get(name="Torget")
        assert (float(site.latitude), float(site.longitude)) == (59.0, 17.0)
        assert site.commissioned_on is None
        rows = list(site.planned_stations.all())
        worth = study.sites.get(rank=1).figures["worth"]
        assert sum(one.evses for one in rows) == worth["evses"]
        assert {one.power_w for one in rows} == {worth["power_kw"] * 1000}
        assert not site.stations.exists()
        assert client.post(plan).status_code == 302
        assert Site.objects.count() == sites + 1
        assert site.planned_stations.count() == len(rows)
    report = client.get(reverse("study_pdf", args=[study.public_id]))
    assert report.content.startswith(b"%PDF-")
    page = client.get(reverse("study_detail", args=[study.public_id]))
    assert [one.names for one in page.context["phases"]] == [("Torget",), ("Macken",)]
    assert page.context["phases"][1].share == pytest.approx(
        study.result["after_kwh"] / study.result["total_kwh"]
    )
    detail = page.content.decode()
    assert detail.count('class="plan-map"') == 2
    assert "leaflet.css" in detail


def test_studies_are_compared_in_words(operator: Operator, layers: dict[str, list[Layer]]) -> None:
    changes = {"captured": 0.25, "counts_own_sites": False, "fixed": ("Macken",)}
    study = asked(operator, layers, assumptions={"kwh_per_km": 0.2})
    changes |= {"demand_model": "dem_1 (2)", "growth": 0.2}
    other = asked(operator, layers, assumptions={"ev_share": 0.5, "growth": 1.5}, **changes)
    address = f"{reverse('study_compare', args=[study.public_id])}?with={other.public_id}"

    answer = client_of(operator).get(address)

    assert answer.context["figures"] == [
        ("Demand model", "–", "dem_1 (2)"),
        ("Our own sites count too", "Yes", "No"),
        ("Fixed sites", "–", "Macken"),
        ("Electric cars of all (%)", "12", "50"),
        ("What of the demand in reach comes to us (%)", "30", "25"),
        ("Growth of demand a year (%)", "10", "20"),
        ("Energy per kilometre (kWh)", "0.2", "0.19"),
        ("Growth of electric cars until the year meant (factor)", "1", "1.5"),
    ]


def test_the_next_version_keeps_assumptions_that_the_form_does_not_ask(
    operator: Operator, layers: dict[str, list[Layer]]
) -> None:
    study = asked(operator, layers, assumptions={"kwh_per_km": 0.2})
    client = client_of(operator)
    address = f"{reverse('study_create')}?of={study.public_id}"
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}

    assert client.post(address, data | {"ev_share": "50"}).status_code == 302

    with operator_scope(operator):
        assert study.followed_by.get().parameters["assumptions"] == {
            "kwh_per_km": 0.2, "ev_share": 0.5,
        }  # fmt: skip


def test_a_viewer_sees_and_does_nothing(operator: Operator, layers: dict[str, list[Layer]]) -> None:
    study = run(asked(operator, layers))
    client = client_of(operator, Role.VIEWER)

    assert client.get(reverse("study_detail", args=[study.public_id])).status_code == 200
    for name in ("study_cancel", "study_again"):
        assert client.post(reverse(name, args=[study.public_id])).status_code == 403
    plan = reverse("study_plan_site", args=[study.public_id, 1])
    assert client.post(plan).status_code == 403
    with operator_scope(operator):
        assert Study.objects.count() == 1
        assert not Site.objects.filter(name="Torget").exists()
